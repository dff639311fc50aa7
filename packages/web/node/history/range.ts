/** Which part of the past is shown, and how that stands in the URL. Pure; Unix seconds. */

/** The four spans a person asks for. */
const spans = { '1h': 3_600, '24h': 86_400, '7d': 604_800, '30d': 2_592_000 } as const;
export type Span = keyof typeof spans;
export const spanNames = Object.keys(spans) as readonly Span[];

/** A span that ends now and moves on, or a fixed part of the past that was zoomed into. */
export type HistoryRange =
  | { readonly kind: 'span'; readonly span: Span }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number };

export function parseHistoryRange(params: URLSearchParams): HistoryRange {
  const [from, to] = [Number(params.get('from') ?? Number.NaN), Number(params.get('to') ?? Number.NaN)];
  if (Number.isFinite(from) && Number.isFinite(to) && to - from >= 1) return { kind: 'fixed', from, to };
  return { kind: 'span', span: spanNames.find((name) => name === params.get('range')) ?? '1h' };
}

/** The parameters of the URL with this range instead of another; the rest stays. */
export function withHistoryRange(params: URLSearchParams, range: HistoryRange): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const name of ['from', 'to', 'range']) next.delete(name);
  if (range.kind === 'fixed') {
    next.set('from', String(Math.floor(range.from)));
    next.set('to', String(Math.ceil(range.to)));
  } else if (range.span !== '1h') {
    next.set('range', range.span);
  }
  return next;
}

export function boundsOf(range: HistoryRange, now: number): { readonly from: number; readonly to: number } {
  return range.kind === 'fixed' ? range : { from: now - spans[range.span], to: now };
}
