export { type LintResult, lintPolicy, lintRules, lintText, mendText } from './lint.ts';
export {
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
