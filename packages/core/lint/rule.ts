/** What a rule of `clockwarden lint` is: data for the page that explains it, examples that prove it, and a check. */
import type { ChronyConf, ChronyVersion } from '../chrony-conf/index.ts';
import type { ClusterPolicy } from '../policy/index.ts';
import type { Language, Text } from '../text/index.ts';
import type { NtpConf } from './ntp-conf.ts';
import type { PrometheusRules } from './prometheus/rules-file.ts';
import type { TimesyncdConf } from './timesyncd-conf.ts';

/** Read as text; the others by a parser of YAML. */
const daemonFiles = ['chrony.conf', 'timesyncd.conf', 'ntp.conf'] as const;
export type DaemonFile = (typeof daemonFiles)[number];

export const lintSubjects = [...daemonFiles, 'prometheus-rules', 'clockwarden.yaml'] as const;
export type LintSubject = (typeof lintSubjects)[number];

export function isDaemonFile(subject: LintSubject): subject is DaemonFile {
  return daemonFiles.some((one) => one === subject);
}

/** `error`: the file does not do what it says, or the daemon refuses it; `warning`: it will do harm one day. */
export type Severity = 'error' | 'warning';

/** Puts `lines` in the place of one line; the line after the last appends. */
export interface Edit {
  readonly line: number;
  readonly lines: readonly string[];
}

export interface Finding {
  /** From 1. What is missing altogether is found at line 1. */
  readonly line: number;
  /** From 1; absent: the whole line. */
  readonly column?: number;
  /** What exactly, beyond the title. */
  readonly detail?: Text;
  /** Changes that mend it and nothing else. Absent: a person must choose. */
  readonly edits?: readonly Edit[];
}

/** Where a file of a node lies, and among what. */
export interface FilePlace {
  readonly path: string;
  /** os-release ID and ID_LIKE, as `debian`, `rhel fedora`; null: not known. */
  readonly os: string | null;
  /** The configuration of all time daemons on that node. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

export interface LintContext {
  /** Null: not known. Then the file itself may say for which it was written; else nothing is said about versions. */
  readonly chronyVersion: ChronyVersion | null;
  /** False for a drop-in: what it lacks may stand in the main file. */
  readonly whole: boolean;
  /** Contents of all files that the `confdir` of a chrony.conf draws in; absent: not known. */
  readonly drawnIn?: readonly string[];
  /** Absent: the file is looked at by itself. */
  readonly place?: FilePlace;
}

/** clockwarden.yaml as it was read. */
export interface PolicyFile {
  readonly policy: ClusterPolicy;
  /** Line of a key, or of the nearest above it that is there. */
  lineOf(...path: readonly string[]): number;
}

interface RuleFacts {
  readonly code: string;
  readonly severity: Severity;
  readonly title: Text;
  readonly why: Text;
  readonly fix: Text;
  /** A file in which the rule fires, and how it looks mended. */
  readonly bad: string;
  readonly good: string;
  /** Where the examples lie, when the mistake is just that. */
  readonly places?: { readonly bad: FilePlace; readonly good: FilePlace };
  /** First version of chronyd to which it applies; absent: all. */
  readonly since?: string;
  /** chronyd itself refuses the bad example and does not start. */
  readonly refused?: true;
}

interface RuleFor<Subject extends LintSubject, Parsed> extends RuleFacts {
  readonly subject: Subject;
  check(file: Parsed, context: LintContext): readonly Finding[];
}

export type ChronyRule = RuleFor<'chrony.conf', ChronyConf>;
export type TimesyncdRule = RuleFor<'timesyncd.conf', TimesyncdConf>;
export type NtpRule = RuleFor<'ntp.conf', NtpConf>;
export type PrometheusFileRule = RuleFor<'prometheus-rules', PrometheusRules>;
export type PolicyRule = RuleFor<'clockwarden.yaml', PolicyFile>;
export type Rule = ChronyRule | TimesyncdRule | NtpRule | PrometheusFileRule | PolicyRule;

/** The versions of chronyd to which a rule applies: from one on, or all (null). */
export interface RuleVersions {
  readonly since: string | null;
}

/** Null: no chronyd reads such a file. */
export function versionsOf(rule: Rule): RuleVersions | null {
  return rule.subject === 'chrony.conf' ? { since: rule.since ?? null } : null;
}

/** Where a rule is explained, from the root of Clockwarden's sources. */
export function pageOf({ code }: Rule, language: Language): string {
  return `docs/reference/lint/${code}${language === 'en' ? '' : `.${language}`}.md`;
}
