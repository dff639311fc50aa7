/** Times of day as an instrument prints them: 24 hours, ISO dates, the same in both languages. */

const formats = new Map<string, Intl.DateTimeFormat>();

function partsIn(zone: string, atMs: number): Record<string, string> {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(atMs).map((part) => [part.type, part.value]));
}

/** `2026-11-22` in the zone. */
export function dateText(atMs: number, zone: string): string {
  const { year, month, day } = partsIn(zone, atMs);
  return `${year}-${month}-${day}`;
}

/** `14:02:11` in the zone. */
export function clockText(atMs: number, zone: string): string {
  const { hour, minute, second } = partsIn(zone, atMs);
  return `${hour}:${minute}:${second}`;
}

/** The time of day; with its date when that is not the day of `nowMs` in the zone. */
export function momentText(atMs: number, zone: string, nowMs: number): string {
  const date = dateText(atMs, zone);
  return date === dateText(nowMs, zone) ? clockText(atMs, zone) : `${date} ${clockText(atMs, zone)}`;
}

/** How far the zone's clocks are ahead of UTC at that moment; seconds, east positive. */
export function utcOffsetSeconds(atMs: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsIn(zone, atMs);
  const shown = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return shown / 1_000 - Math.floor(atMs / 1_000);
}

/** Each offset from UTC that the zone has in the range, seconds, in the order in which they come; looked at in 64 places. */
export function offsetsWithin(fromMs: number, toMs: number, zone: string): readonly number[] {
  const places = Array.from({ length: 64 }, (_, place) => fromMs + ((toMs - fromMs) * place) / 63);
  return [...new Set(places.map((atMs) => utcOffsetSeconds(atMs, zone)))];
}

/** `UTC+08:00`, `UTC−03:30`. */
export function utcOffsetText(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `UTC${seconds < 0 ? '−' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
