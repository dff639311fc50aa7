import { formatPpm, formatSeconds } from '@clockwarden/core/text';

/** A number of a reason in the unit that its name carries. */
export function evidenceText(name: string, value: string | number | boolean | null): string {
  if (value === null) return '—';
  if (typeof value !== 'number') return String(value);
  if (name.endsWith('Seconds')) return formatSeconds(value, { signed: /offset|low|high|median/i.test(name) });
  return name.endsWith('Ppm') ? formatPpm(value) : String(value);
}
