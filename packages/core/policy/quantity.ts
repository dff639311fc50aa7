/** Lengths of time and sizes as people write them in clockwarden.yaml. */

const secondsOf: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  min: 60,
  h: 3_600,
  d: 86_400,
};

const bytesOf: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

const DURATION = /^(?:\d{1,12}(?:\.\d{1,12})?(?:ns|us|µs|ms|s|min|m|h|d))+$/;
const DURATION_PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|min|m|h|d)/g;
const SIZE = /^(\d{1,15}(?:\.\d{1,12})?) ?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/**
 * Seconds of `500ms`, `30s`, `2m`, `1h30m`; a bare number (or one in quotes) is seconds. Null when it is no length of
 * time: negative, infinite, a unit nobody knows, or spaces inside.
 */
export function parseDuration(value: string | number): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  const words = value.trim();
  if (/^\d{1,12}(\.\d{1,12})?$/.test(words)) return Number(words);
  // Both Greek mu and the micro sign are typed for micro.
  const plain = words.replaceAll('μ', 'µ');
  if (plain.length > 100 || !DURATION.test(plain)) return null;
  let seconds = 0;
  for (const [, digits, unit] of plain.matchAll(DURATION_PART)) {
    seconds += Number(digits) * (secondsOf[unit ?? ''] ?? Number.NaN);
  }
  return seconds;
}

/** Bytes of `2GiB`, `500 MB`; a bare number is bytes. Null when it is no size. */
export function parseSize(value: string | number): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
  const match = SIZE.exec(value.trim());
  if (match === null) return /^\d{1,15}$/.test(value.trim()) ? Number(value) : null;
  return Math.round(Number(match[1]) * (bytesOf[match[2] ?? ''] ?? Number.NaN));
}
