import { clockText, dateText } from '../values/time-text.ts';

/** `14:05` under each tick, with the date where it changes; seconds only where ticks are closer than a minute. */
export function momentLabels(ticks: readonly number[], zone: string): string[] {
  const fine = ticks.some((tick, index) => index > 0 && tick - (ticks[index - 1] ?? tick) < 60);
  const days = ticks.every((tick) => clockText(tick * 1_000, zone) === '00:00:00');
  let lastDate = '';
  return ticks.map((tick) => {
    const date = dateText(tick * 1_000, zone).slice(5);
    if (days) return date;
    const clock = clockText(tick * 1_000, zone).slice(0, fine ? 8 : 5);
    const label = date === lastDate ? clock : `${clock}\n${date}`;
    lastDate = date;
    return label;
  });
}
