/** `chronyc sources` and `chronyc sourcestats`, plain, -v and -c. */
import type { ChronySource, ChronySourceStats } from '../../observe/index.ts';
import { parseCount, parseNumber, parseSeconds } from '../../output/index.ts';
import { isNever, modeOf, rowsOf, stateOf } from './words.ts';

const sourceRow =
  /^([\^=#]) ?([*+\-?x~]) ?\s*(\S{1,255})\s+(\d{1,3})\s+(-?\d{1,3})\s+([0-7]{1,3})\s+(\S{1,10})\s+([+-]\S{1,12})\[\s*([+-][^\s\]]{1,12})\]\s*\+\/-\s*(\S{1,12})$/;

export function isSourcesHeading(line: string): boolean {
  return /^MS +Name\/IP address /.test(line);
}

/** An empty list: chronyd has no sources. Null: the text is not this report. */
export function parseSources(text: string): readonly ChronySource[] | null {
  return rowsOf(text, isSourcesHeading, (line) => readSourceRow(line) ?? readSourceCsv(line));
}

/** `^* 120.25.115.20   2   9   377    55   +147us[ +250us] +/-   15ms` */
export function readSourceRow(line: string): ChronySource | null {
  const match = sourceRow.exec(line);
  if (match === null) return null;
  const [, mode, state, name, stratum, poll, reach, age, adjusted, measured, error] = match;
  return sourceOf([mode, state, name, stratum, poll, reach, age, adjusted, measured, error], parseSeconds);
}

/** `^,*,127.0.0.1,3,0,377,0,0.000001102,0.000001144,0.000004394` */
export function readSourceCsv(line: string): ChronySource | null {
  const fields = line.split(',');
  return fields.length === 10 ? sourceOf(fields, parseNumber) : null;
}

function sourceOf(
  fields: readonly (string | undefined)[],
  seconds: (word: string) => number | null,
): ChronySource | null {
  const [mark = '', stateMark = '', name = '', ...rest] = fields;
  const [stratum = '', poll = '', reach = '', age = '', adjusted = '', measured = '', error = ''] = rest;
  const mode = modeOf(mark);
  const state = stateOf(stateMark);
  const numbers = {
    stratum: parseCount(stratum),
    poll: parseNumber(poll),
    adjustedOffsetSeconds: seconds(adjusted),
    measuredOffsetSeconds: seconds(measured),
    errorSeconds: seconds(error),
  };
  const lastSampleAgeSeconds = isNever(age) ? null : seconds(age);
  if (mode === null || state === null || name === '' || !/^[0-7]{1,3}$/.test(reach)) return null;
  if (lastSampleAgeSeconds === null && !isNever(age)) return null;
  if (Object.values(numbers).includes(null)) return null;
  return {
    name,
    address: name,
    mode,
    state,
    stratum: numbers.stratum ?? 0,
    poll: numbers.poll ?? 0,
    reach: Number.parseInt(reach, 8) & 0xff,
    lastSampleAgeSeconds,
    adjustedOffsetSeconds: numbers.adjustedOffsetSeconds ?? 0,
    measuredOffsetSeconds: numbers.measuredOffsetSeconds ?? 0,
    errorSeconds: numbers.errorSeconds ?? 0,
  };
}

export function isSourceStatsHeading(line: string): boolean {
  return /^Name\/IP Address +NP +NR /i.test(line);
}

export function parseSourceStats(text: string): readonly ChronySourceStats[] | null {
  return rowsOf(text, isSourceStatsHeading, (line) => readSourceStatsRow(line) ?? readSourceStatsCsv(line));
}

/** `120.25.115.20              15  11   44m     +0.011      0.909  +4097ns   758us` */
export function readSourceStatsRow(line: string): ChronySourceStats | null {
  const fields = line.split(/\s+/);
  // A sign stands before the frequency and the offset: no other table of eight columns has that.
  if (fields.length !== 8 || !/^[+-]/.test(fields[4] ?? '') || !/^[+-]/.test(fields[6] ?? '')) return null;
  return statsOf(fields, parseSeconds);
}

/** `127.0.0.1,31,17,21,0.000,0.030,0.000000000,0.000000305` */
export function readSourceStatsCsv(line: string): ChronySourceStats | null {
  const fields = line.split(',');
  // serverstats of chrony 4.0 has eight fields too, all whole numbers.
  if (fields.length !== 8 || !(fields[6] ?? '').includes('.')) return null;
  return statsOf(fields, parseNumber);
}

function statsOf(
  fields: readonly string[],
  seconds: (word: string) => number | null,
): ChronySourceStats | null {
  const [
    name = '',
    samples = '',
    runs = '',
    span = '',
    frequency = '',
    skew = '',
    offset = '',
    deviation = '',
  ] = fields;
  const numbers = {
    samples: parseCount(samples),
    runs: parseCount(runs),
    spanSeconds: seconds(span),
    residualFrequencyPpm: parseNumber(frequency),
    skewPpm: parseNumber(skew),
    offsetSeconds: seconds(offset),
    standardDeviationSeconds: seconds(deviation),
  };
  if (name === '' || Object.values(numbers).includes(null)) return null;
  return {
    name,
    address: name,
    samples: numbers.samples ?? 0,
    runs: numbers.runs ?? 0,
    spanSeconds: numbers.spanSeconds ?? 0,
    residualFrequencyPpm: numbers.residualFrequencyPpm ?? 0,
    skewPpm: numbers.skewPpm ?? 0,
    offsetSeconds: numbers.offsetSeconds ?? 0,
    standardDeviationSeconds: numbers.standardDeviationSeconds ?? 0,
  };
}
