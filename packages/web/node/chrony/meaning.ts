/** What a row of `chronyc sources` means for this node, as keys of sentences. Pure. */
import type { ChronySource } from '@clockwarden/core/observe';
import { answeredPolls } from '../../values/reach.ts';

export type SourceRemark =
  | { readonly key: 'neverAnswered' }
  | { readonly key: 'someLost'; readonly lost: number }
  | { readonly key: 'samplesRejected'; readonly ageSeconds: number };

/** The two characters that chronyc prints before a source. */
export function markOf(source: Pick<ChronySource, 'mode' | 'state'>): string {
  const modes = { server: '^', peer: '=', refclock: '#' } as const;
  const states = {
    selected: '*',
    combined: '+',
    'not-combined': '-',
    unusable: '?',
    falseticker: 'x',
    jittery: '~',
  } as const;
  return `${modes[source.mode]}${states[source.state]}`;
}

export function remarksOn(source: ChronySource): readonly SourceRemark[] {
  const answered = answeredPolls(source.reach);
  if (answered === 0) return [{ key: 'neverAnswered' }];
  const remarks: SourceRemark[] = [];
  if (answered < 8) remarks.push({ key: 'someLost', lost: 8 - answered });
  // It answers every poll, yet no sample was accepted for several: they are being rejected.
  const age = source.lastSampleAgeSeconds;
  if (answered === 8 && age !== null && age > 4 * 2 ** source.poll) {
    remarks.push({ key: 'samplesRejected', ageSeconds: age });
  }
  return remarks;
}
