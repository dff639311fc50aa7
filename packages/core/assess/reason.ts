import type { SourceKind } from '../observe/index.ts';
import type { Text } from '../text/index.ts';
import type { ReasonCode } from './reason-codes.ts';
import type { Verdict } from './verdict.ts';

export interface Reason {
  readonly code: ReasonCode;
  /** `info` takes no part in the verdict. */
  readonly severity: Exclude<Verdict, 'ok'> | 'info';
  /** One line: what is so, with its numbers. */
  readonly text: Text;
  /** What it endangers; null where nothing is known to suffer. */
  readonly endangers: Text | null;
  /** The numbers the reason stands on, in seconds and ppm. */
  readonly evidence: Readonly<Record<string, string | number | boolean | null>>;
  /** Where they come from, and their age when judged; null for the policy or the cluster as a whole. */
  readonly source: SourceKind | null;
  readonly ageSeconds: number | null;
}
