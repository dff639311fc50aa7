/** `chronyc tracking`, plain (1.x to 4.x) and -c. */
import type { ChronyTracking } from '../../observe/index.ts';
import { labelledValues, outputLines, parseCount, parseNumber, parseUtcDate } from '../../output/index.ts';
import { leapOf } from './words.ts';

export const trackingLabels = [
  'Reference ID',
  'Stratum',
  'Ref time (UTC)',
  'System time',
  'Last offset',
  'RMS offset',
  'Frequency',
  'Residual freq',
  'Skew',
  'Root delay',
  'Root dispersion',
  'Update interval',
  'Leap status',
] as const;

/** Null when the text is not this report, or a part of it is missing. */
export function parseTracking(text: string): ChronyTracking | null {
  for (const line of outputLines(text)) {
    const tracking = readTrackingCsv(line.trim());
    if (tracking !== null) return tracking;
  }
  return trackingOf(labelledValues(text));
}

/** One line of `chronyc -c tracking`: 14 fields; System time > 0 is slow there. */
export function readTrackingCsv(line: string): ChronyTracking | null {
  const fields = line.split(',');
  if (fields.length !== 14 || !/^[0-9A-F]{8}$/.test(fields[0] ?? '')) return null;
  const numbers = fields.slice(3, 13).map(parseNumber);
  const [time, system, last, rms, frequency, residual, skew, delay, dispersion, interval] = numbers;
  const leap = leapOf(fields[13] ?? '');
  const stratum = parseCount(fields[2] ?? '');
  if (numbers.includes(null) || leap === null || stratum === null) return null;
  return {
    refId: fields[0] ?? '',
    refName: nameOrNull(fields[1] ?? ''),
    stratum,
    leap,
    referenceTimeSeconds: (time ?? 0) === 0 ? null : (time ?? null),
    systemOffsetSeconds: 0 - (system ?? 0),
    lastOffsetSeconds: last ?? 0,
    rmsOffsetSeconds: rms ?? 0,
    frequencyPpm: frequency ?? 0,
    residualFrequencyPpm: residual ?? 0,
    skewPpm: skew ?? 0,
    rootDelaySeconds: delay ?? 0,
    rootDispersionSeconds: dispersion ?? 0,
    updateIntervalSeconds: interval ?? 0,
  };
}

/** The plain report from its labels; null unless all of them are there and read well. */
function trackingOf(values: ReadonlyMap<string, string>): ChronyTracking | null {
  const part = trackingPartOf(values);
  return isComplete(part) ? part : null;
}

/** As much of the plain report as there is: half a paste has some of its labels. */
export function trackingPartOf(values: ReadonlyMap<string, string>): Partial<ChronyTracking> {
  const value = (label: (typeof trackingLabels)[number]): string => values.get(label) ?? '';
  const reference = readReference(value('Reference ID'));
  const time = parseUtcDate(value('Ref time (UTC)'));
  const read: Record<Exclude<keyof ChronyTracking, 'refId' | 'refName' | 'referenceTimeSeconds'>, unknown> = {
    stratum: parseCount(value('Stratum')),
    leap: leapOf(value('Leap status')),
    systemOffsetSeconds: fastOrSlow(value('System time'), 'seconds'),
    lastOffsetSeconds: withUnit(value('Last offset'), 'seconds'),
    rmsOffsetSeconds: withUnit(value('RMS offset'), 'seconds'),
    frequencyPpm: fastOrSlow(value('Frequency'), 'ppm'),
    residualFrequencyPpm: withUnit(value('Residual freq'), 'ppm'),
    skewPpm: withUnit(value('Skew'), 'ppm'),
    rootDelaySeconds: withUnit(value('Root delay'), 'seconds'),
    rootDispersionSeconds: withUnit(value('Root dispersion'), 'seconds'),
    updateIntervalSeconds: withUnit(value('Update interval'), 'seconds'),
  };
  return {
    ...reference,
    // chronyc prints the first instant of 1970 for "never".
    ...(time === null ? {} : { referenceTimeSeconds: time === 0 ? null : time }),
    ...(Object.fromEntries(
      Object.entries(read).filter(([, one]) => one !== null),
    ) as Partial<ChronyTracking>),
  };
}

/** The fields that the plain report fills, 14 in all. */
function isComplete(part: Partial<ChronyTracking>): part is ChronyTracking {
  return Object.keys(part).length === 14;
}

/** `CB00710F (ntp1.example.net)`; before chrony 2.3 the refid was written like an IPv4 address. */
function readReference(value: string): { refId: string; refName: string | null } | null {
  const match = /^(\S+) +\((.{0,300})\)$/.exec(value);
  const printed = match?.[1] ?? '';
  const refName = nameOrNull(match?.[2] ?? '');
  if (/^[0-9A-F]{8}$/.test(printed)) return { refId: printed, refName };
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(printed)) return null;
  const bytes = printed.split('.').map(Number);
  if (bytes.some((byte) => byte > 255)) return null;
  return { refId: bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(''), refName };
}

function nameOrNull(name: string): string | null {
  return name === '' || name === '[UNSPEC]' ? null : name;
}

/** `0.000006523 seconds slow of NTP time`, `3.225 ppm fast`: slow is negative. */
function fastOrSlow(value: string, unit: 'seconds' | 'ppm'): number | null {
  const match = /^(\S+) (seconds|ppm) (fast|slow)( of NTP time)?$/.exec(value);
  const size = match?.[2] === unit ? parseNumber(match[1] ?? '') : null;
  return size === null ? null : match?.[3] === 'slow' ? 0 - size : size;
}

function withUnit(value: string, unit: 'seconds' | 'ppm'): number | null {
  const [number = '', found, ...rest] = value.split(' ');
  return found === unit && rest.length === 0 ? parseNumber(number) : null;
}
