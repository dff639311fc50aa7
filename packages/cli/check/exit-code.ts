import { type Verdict, verdicts } from '@clockwarden/core/assess';

/** From the strictest to "always 0". */
export const failLevels = ['undetermined', 'warning', 'critical', 'never'] as const;
export type FailOn = (typeof failLevels)[number];

/** 0 ok, 1 warning, 2 critical, 3 undetermined or unreachable; 0 for what is milder than `failOn`. */
export function exitCodeOf(verdict: Verdict, failOn: FailOn): number {
  if (failOn === 'never' || verdicts.indexOf(verdict) < verdicts.indexOf(failOn)) return 0;
  return { ok: 0, warning: 1, critical: 2, undetermined: 3 }[verdict];
}
