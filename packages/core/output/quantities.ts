/** Quantities as tools print them → seconds and ppm. Null for whatever is not one: never 0. */

const secondsPerUnit: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  h: 3_600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  w: 604_800,
  week: 604_800,
  weeks: 604_800,
  month: 2_629_800,
  months: 2_629_800,
  y: 31_536_000,
  year: 31_536_000,
  years: 31_536_000,
};

/** A finite decimal number, with an optional sign and exponent; nothing else around it. */
export function parseNumber(text: string): number | null {
  if (!/^[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})(e[+-]?\d{1,3})?$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value + 0 : null;
}

/** A whole number ≥ 0 below 2^53. */
export function parseCount(text: string): number | null {
  if (!/^\d{1,16}$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/**
 * `+147us`, `-25ms`, `44m`, `34min 8s`, `1.622ms`, `0`; a bare number is seconds. One sign in front rules the whole.
 * chronyc counts 365 days a year.
 */
export function parseSeconds(text: string): number | null {
  const match = /^([+-]?)\s*(\S.*)$/.exec(text.trim());
  if (match === null) return null;
  const [, sign, body = ''] = match;
  const bare = /^[+-]/.test(body) ? null : parseNumber(body);
  const size = bare ?? sumOfUnits(body);
  if (size === null) return null;
  return (sign === '-' ? 0 - size : size) + 0;
}

function sumOfUnits(text: string): number | null {
  let sum = 0;
  for (const part of text.split(' ')) {
    if (part === '') continue;
    const match = /^(\d{1,20}(?:\.\d{1,20})?)([a-zµμ]{1,7})$/.exec(part);
    const unit = Object.hasOwn(secondsPerUnit, match?.[2] ?? '')
      ? secondsPerUnit[match?.[2] ?? '']
      : undefined;
    if (match === null || unit === undefined) return null;
    sum += Number(match[1]) * unit;
  }
  return sum;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `Sun Nov 22 13:51:09 2026`, in UTC → seconds since 1970. */
export function parseUtcDate(text: string): number | null {
  const match = /^\S{1,20} +([A-Za-z]{3}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/.exec(text.trim());
  if (match === null) return null;
  const month = months.indexOf((match[1] ?? '').toLowerCase());
  const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = match.slice(2).map(Number);
  if (month < 0 || day < 1 || day > 31) return null;
  return daysSince1970(year, month + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second;
}

/** Days of the proleptic Gregorian calendar, years counted from March so that the leap day is a year's last. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const days = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + days - 719_468;
}

/** Seconds since 1970 → `2026-11-22 13:51:09 UTC`. Outside the years 0 to 9999 the bare number. */
export function formatUtc(seconds: number): string {
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / 86_400);
  if (days < -719_528 || days > 2_932_896) return `${whole} s`;
  const time = whole - days * 86_400;
  // Inverse of daysSince1970: years counted from March, in eras of 400 years.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (number: number): string => String(number).padStart(2, '0');
  const clock = [Math.floor(time / 3_600), Math.floor(time / 60) % 60, time % 60].map(two).join(':');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${clock} UTC`;
}
