export {
  type LintResult,
  lintPolicy,
  lintPrometheusRules,
  lintRules,
  lintText,
  mendText,
} from './lint.ts';
export type { PrometheusRule, PrometheusRules } from './prometheus/rules-file.ts';
export {
  type DaemonFile,
  isDaemonFile,
  type LintContext,
  type LintSubject,
  lintSubjects,
  type PolicyFile,
  pageOf,
  type Rule,
  type RuleVersions,
  type Severity,
  versionsOf,
} from './rule.ts';
