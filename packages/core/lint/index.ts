export { type LintResult, lintPolicy, lintRules, lintText, mendText } from './lint.ts';
export {
  type LintContext,
  type LintSubject,
  lintSubjects,
  type PolicyFile,
  type Rule,
  type Severity,
} from './rule.ts';
