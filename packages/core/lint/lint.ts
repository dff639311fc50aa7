/** All rules, and what they find in a file. */
import { isNewer, parseChronyConf, writtenFor } from '../chrony-conf/index.ts';
import { clockRules } from './chrony/clock.ts';
import { placeRules } from './chrony/place.ts';
import { servingRules } from './chrony/serving.ts';
import { sourceRules } from './chrony/sources.ts';
import { syntaxRules } from './chrony/syntax.ts';
import { trustRules } from './chrony/trust.ts';
import { ntpRules } from './ntp.ts';
import { parseNtpConf } from './ntp-conf.ts';
import { policyRules } from './policy.ts';
import { prometheusRules } from './prometheus/rules.ts';
import type { PrometheusRules } from './prometheus/rules-file.ts';
import type { ChronyRule, DaemonFile, Edit, Finding, LintContext, PolicyFile, Rule } from './rule.ts';
import { timesyncdRules } from './timesyncd.ts';
import { parseTimesyncdConf } from './timesyncd-conf.ts';

const chronyRules: readonly ChronyRule[] = [
  ...syntaxRules,
  ...sourceRules,
  ...trustRules,
  ...clockRules,
  ...servingRules,
  ...placeRules,
];

/** Every rule; the order is that of the documentation. */
export const lintRules: readonly Rule[] = [
  ...chronyRules,
  ...timesyncdRules,
  ...ntpRules,
  ...prometheusRules,
  ...policyRules,
];

export interface LintResult extends Finding {
  readonly rule: Rule;
}

/** What is wrong with the file of a daemon, by line. */
export function lintText(content: string, subject: DaemonFile, context: LintContext): readonly LintResult[] {
  switch (subject) {
    case 'chrony.conf': {
      const conf = parseChronyConf(content, context.drawnIn);
      return run(chronyRules, conf, {
        ...context,
        chronyVersion: context.chronyVersion ?? writtenFor(content),
      });
    }
    case 'timesyncd.conf':
      return run(timesyncdRules, parseTimesyncdConf(content), context);
    case 'ntp.conf':
      return run(ntpRules, parseNtpConf(content), context);
  }
}

const noContext: LintContext = { chronyVersion: null, whole: true };

/** What is unwise in a clockwarden.yaml that is valid. */
export function lintPolicy(file: PolicyFile): readonly LintResult[] {
  return run(policyRules, file, noContext);
}

/** Alerts on clocks that do not do what they say. */
export function lintPrometheusRules(file: PrometheusRules): readonly LintResult[] {
  return run(prometheusRules, file, noContext);
}

function run<Parsed, Each extends Rule & { check(file: Parsed, context: LintContext): readonly Finding[] }>(
  rules: readonly Each[],
  file: Parsed,
  context: LintContext,
): readonly LintResult[] {
  const { chronyVersion } = context;
  return rules
    .filter((rule) => chronyVersion === null || !isNewer(rule.since, chronyVersion))
    .flatMap((rule) => rule.check(file, context).map((finding) => ({ ...finding, rule })))
    .sort((a, b) => a.line - b.line);
}

/** One mend can make room for another; a file settles long before. */
const MAX_ROUNDS = 20;

/** The text with everything mended that can be mended safely; the same text when there is nothing. */
export function mendText(content: string, subject: DaemonFile, context: LintContext): string {
  let mended = content;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const edits = lintText(mended, subject, context).flatMap((result) => result.edits ?? []);
    if (edits.length === 0) return mended;
    mended = applyEdits(mended, edits);
  }
  return mended;
}

/** One edit a line and round: the next round sees what the first has left. */
function applyEdits(content: string, edits: readonly Edit[]): string {
  const lineEnd = content.includes('\r\n') ? '\r\n' : '\n';
  const byLine = new Map(edits.toReversed().map((edit) => [edit.line, edit.lines]));
  const lines = content.split(/\r?\n/);
  return [...lines.keys(), lines.length]
    .flatMap((index) => byLine.get(index + 1) ?? (index < lines.length ? [lines[index] ?? ''] : []))
    .join(lineEnd);
}
