import { clockText, dateText } from '../values/time-text.ts';

/**
 * `14:05` under each tick, its date before it where that changes, `11-23` alone at midnight; seconds only where ticks are
 * closer than a minute.
 *
 * @param ticks Unix seconds, rising
 */
export function momentLabels(ticks: readonly number[], zone: string): string[] {
  const fine = ticks.some((tick, index) => index > 0 && tick - (ticks[index - 1] ?? tick) < 60);
  let lastDate = '';
  return ticks.map((tick) => {
    const date = dateText(tick * 1_000, zone).slice(5);
    const clock = clockText(tick * 1_000, zone);
    const shown = clock.slice(0, fine ? 8 : 5);
    if (date === lastDate) return shown;
    lastDate = date;
    return clock === '00:00:00' ? date : `${date} ${shown}`;
  });
}
