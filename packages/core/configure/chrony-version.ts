import { type ChronyVersion, parseChronyVersion } from '../chrony-conf/index.ts';
import type { ConfigureFacts } from './facts.ts';

/** The chronyd that will read the files: the installed one, else the one to be installed; null: not known. */
export function chronyVersionOf(facts: ConfigureFacts | null): ChronyVersion | null {
  const state = facts?.packages.chrony;
  const written = state?.installed ?? state?.candidate ?? '';
  // Behind an epoch, before the distribution's own revision: `4.3-2+deb12u3`, `3.4-1.el7`.
  const version = /^(?:\d+:)?(\d+(?:\.\d+){1,2})(?![\d.])/.exec(written)?.[1];
  return version === undefined ? null : parseChronyVersion(version);
}
