import { type Text, text } from '../text/index.ts';

/** `undetermined`: the interval straddles a limit, or nothing is known. From best to worst to look at. */
export const verdicts = ['ok', 'undetermined', 'warning', 'critical'] as const;
export type Verdict = (typeof verdicts)[number];

/** The worse of two: critical, then warning, then undetermined, then ok. */
export function worseOf(a: Verdict, b: Verdict): Verdict {
  return verdicts.indexOf(a) >= verdicts.indexOf(b) ? a : b;
}

/** What a screen shows: the verdict, with "cannot tell since nothing answers" set apart. */
export type DisplayStatus = Verdict | 'unreachable';

export const displayStatuses: Readonly<Record<DisplayStatus, Text>> = {
  critical: text('critical', '严重'),
  warning: text('warning', '警告'),
  unreachable: text('unreachable', '不可达'),
  undetermined: text('undetermined', '无法判定'),
  ok: text('ok', '正常'),
};

export function displayStatus(node: {
  readonly verdict: Verdict;
  readonly reachable: boolean;
}): DisplayStatus {
  return !node.reachable && node.verdict === 'undetermined' ? 'unreachable' : node.verdict;
}

/** Order for lists: worst first, then the largest offset, then the name. */
export function worstFirst(
  a: { readonly verdict: Verdict; readonly name: string; readonly offsetSeconds: number | null },
  b: { readonly verdict: Verdict; readonly name: string; readonly offsetSeconds: number | null },
): number {
  return (
    verdicts.indexOf(b.verdict) - verdicts.indexOf(a.verdict) ||
    Math.abs(b.offsetSeconds ?? 0) - Math.abs(a.offsetSeconds ?? 0) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
}
