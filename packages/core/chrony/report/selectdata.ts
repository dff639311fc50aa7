/** `chronyc selectdata` (chrony ≥ 4.0), plain, -v and -c: why each source was selected or not. */
import type { Leap } from '../../observe/index.ts';
import { parseNumber, parseSeconds } from '../../output/index.ts';
import { isNever, leapOf, leapOfMark, rowsOf } from './words.ts';

export interface ChronySelectData {
  readonly name: string;
  /** One of `N s M d ~ w S O T x W P U D + *` and `r`. */
  readonly state: string;
  readonly authenticated: boolean;
  /** Letters of N P T R, as `PT`; empty for none. */
  readonly configuredOptions: string;
  readonly effectiveOptions: string;
  readonly lastSampleAgeSeconds: number | null;
  readonly score: number;
  /** In this interval chronyd expects node minus source to lie. Positive = the node is ahead. */
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly leap: Leap;
}

const states = 'NsMd~wSOTxWPUD+*r';

export function isSelectDataHeading(line: string): boolean {
  return /^S Name\/IP Address +Auth /i.test(line);
}

export function parseSelectData(text: string): readonly ChronySelectData[] | null {
  return rowsOf(text, isSelectDataHeading, (line) => readSelectDataRow(line) ?? readSelectDataCsv(line));
}

/** `* ntp2.example.net          N ----- -----    0   1.0 -6846us +7305us  N` */
export function readSelectDataRow(line: string): ChronySelectData | null {
  const fields = line.split(/\s+/);
  if (fields.length !== 10) return null;
  const [state = '', name = '', auth = '', configured = '', effective = '', ...rest] = fields;
  if (!/^[NPTR-]{5}$/.test(configured) || !/^[NPTR-]{5}$/.test(effective)) return null;
  return build({ state, name, auth, configured, effective, rest }, parseSeconds);
}

/** 18 fields: state, name, auth, five and five options, age, score, interval, leap. */
export function readSelectDataCsv(line: string): ChronySelectData | null {
  const fields = line.split(',');
  if (fields.length !== 18) return null;
  const [state = '', name = '', auth = ''] = fields;
  const configured = fields.slice(3, 8).join('');
  const effective = fields.slice(8, 13).join('');
  return build({ state, name, auth, configured, effective, rest: fields.slice(13) }, parseNumber);
}

interface Words {
  readonly state: string;
  readonly name: string;
  readonly auth: string;
  readonly configured: string;
  readonly effective: string;
  readonly rest: readonly string[];
}

function build(words: Words, seconds: (word: string) => number | null): ChronySelectData | null {
  const [age = '', scoreWord = '', lowWord = '', highWord = '', leapWord = ''] = words.rest;
  const score = parseNumber(scoreWord);
  const lowSeconds = seconds(lowWord);
  const highSeconds = seconds(highWord);
  const leap = leapOf(leapWord) ?? leapOfMark(leapWord);
  const lastSampleAgeSeconds = isNever(age) ? null : seconds(age);
  if (words.state.length !== 1 || !states.includes(words.state) || !/^[YN]$/.test(words.auth)) return null;
  if (score === null || lowSeconds === null || highSeconds === null || leap === null) return null;
  if (lastSampleAgeSeconds === null && !isNever(age)) return null;
  return {
    name: words.name,
    state: words.state,
    authenticated: words.auth === 'Y',
    configuredOptions: words.configured.replaceAll('-', ''),
    effectiveOptions: words.effective.replaceAll('-', ''),
    lastSampleAgeSeconds,
    score,
    lowSeconds,
    highSeconds,
    leap,
  };
}
