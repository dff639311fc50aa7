/** `chronyc ntpdata`, plain and -c: the last packet of each NTP source, and the tests it passed. */
import type { Leap } from '../../observe/index.ts';
import { labelled, outputLines, parseCount, parseNumber } from '../../output/index.ts';
import { leapOf } from './words.ts';

export interface ChronyNtpData {
  readonly address: string;
  readonly port: number;
  readonly leap: Leap;
  readonly stratum: number;
  readonly pollSeconds: number;
  /** As the server sends them; the whole way to the reference, ours to the server not included. */
  readonly rootDelaySeconds: number;
  readonly rootDispersionSeconds: number;
  readonly refId: string;
  /** Node minus source, positive = the node is ahead (chronyc prints the opposite). Null: never answered. */
  readonly offsetSeconds: number | null;
  readonly peerDelaySeconds: number | null;
  /** −0.5..0.5; near the ends one direction of the path is much more variable than the other. */
  readonly jitterAsymmetry: number | null;
  /** Ten binary digits: RFC 5905 tests 1-3, 5-7, then delay, ratio, deviation, loop. 1 = passed. Null: never answered. */
  readonly tests: string | null;
  readonly authenticated: boolean;
  readonly rxTimestamping: string;
  readonly sent: number;
  readonly received: number;
  readonly valid: number;
  /** Null before chrony 3.5. */
  readonly good: number | null;
}

export function parseNtpData(text: string): readonly ChronyNtpData[] | null {
  const lines = outputLines(text);
  const rows = lines.map((line) => readNtpDataCsv(line.trim())).filter((row) => row !== null);
  if (rows.length > 0) return rows;
  const found = ntpDataBlocks(lines)
    .map(ntpDataOf)
    .filter((row) => row !== null);
  return found.length > 0 || lines.every((line) => line.trim() === '') ? found : null;
}

/** Each `Remote address` begins a source. */
function ntpDataBlocks(lines: readonly string[]): readonly ReadonlyMap<string, string>[] {
  const blocks: Map<string, string>[] = [];
  for (const line of lines) {
    const found = labelled(line);
    if (found === null) continue;
    if (found.label === 'Remote address') blocks.push(new Map());
    blocks.at(-1)?.set(found.label, found.value);
  }
  return blocks;
}

/** The plain report of one source from its labels. */
export function ntpDataOf(values: ReadonlyMap<string, string>): ChronyNtpData | null {
  const first = (label: string): string => (values.get(label) ?? '').split(' ')[0] ?? '';
  const inBrackets = (label: string): string =>
    /\((\d{1,10}) seconds\)/.exec(values.get(label) ?? '')?.[1] ?? '';
  return build({
    address: first('Remote address'),
    port: first('Remote port'),
    leap: values.get('Leap status') ?? '',
    stratum: first('Stratum'),
    pollSeconds: inBrackets('Poll interval'),
    rootDelay: first('Root delay'),
    rootDispersion: first('Root dispersion'),
    refId: first('Reference ID'),
    offset: first('Offset'),
    peerDelay: first('Peer delay'),
    asymmetry: first('Jitter asymmetry'),
    tests: (values.get('NTP tests') ?? '').replaceAll(' ', ''),
    authenticated: first('Authenticated'),
    rxTimestamping: first('RX timestamping'),
    sent: first('Total TX'),
    received: first('Total RX'),
    valid: first('Total valid RX'),
    good: first('Total good RX'),
  });
}

/** 33 fields in chrony 3, 34 since 3.5, 38 since 4.4. */
export function readNtpDataCsv(line: string): ChronyNtpData | null {
  const f = line.split(',');
  if (f.length < 33 || f.length > 40) return null;
  const at = (index: number): string => f[index] ?? '';
  return build({
    address: at(0),
    port: at(2),
    leap: at(5),
    stratum: at(8),
    pollSeconds: at(10),
    rootDelay: at(13),
    rootDispersion: at(14),
    refId: at(15),
    offset: at(18),
    peerDelay: at(19),
    asymmetry: at(22),
    tests: at(23) + at(24) + at(25),
    authenticated: at(27),
    rxTimestamping: at(29),
    sent: at(30),
    received: at(31),
    valid: at(32),
    good: at(33),
  });
}

type Words = Readonly<
  Record<
    | 'address'
    | 'port'
    | 'leap'
    | 'stratum'
    | 'pollSeconds'
    | 'rootDelay'
    | 'rootDispersion'
    | 'refId'
    | 'offset'
    | 'peerDelay'
    | 'asymmetry'
    | 'tests'
    | 'authenticated'
    | 'rxTimestamping'
    | 'sent'
    | 'received'
    | 'valid'
    | 'good',
    string
  >
>;

function build(words: Words): ChronyNtpData | null {
  const leap = leapOf(words.leap);
  const port = parseCount(words.port);
  const stratum = parseCount(words.stratum);
  const pollSeconds = parseNumber(words.pollSeconds);
  const rootDelaySeconds = parseNumber(words.rootDelay);
  const rootDispersionSeconds = parseNumber(words.rootDispersion);
  const sent = parseCount(words.sent);
  const received = parseCount(words.received);
  const valid = parseCount(words.valid);
  const offset = parseNumber(words.offset);
  if (words.address === '' || leap === null || port === null || stratum === null) return null;
  if (pollSeconds === null || rootDelaySeconds === null || rootDispersionSeconds === null) return null;
  if (sent === null || received === null || valid === null || offset === null) return null;
  const answered = valid > 0;
  return {
    address: words.address,
    port,
    leap,
    stratum,
    pollSeconds,
    rootDelaySeconds,
    rootDispersionSeconds,
    refId: words.refId,
    offsetSeconds: answered ? 0 - offset : null,
    peerDelaySeconds: answered ? parseNumber(words.peerDelay) : null,
    jitterAsymmetry: answered ? parseNumber(words.asymmetry) : null,
    tests: received > 0 && /^[01]{10}$/.test(words.tests) ? words.tests : null,
    authenticated: words.authenticated === 'Yes',
    rxTimestamping: words.rxTimestamping,
    sent,
    received,
    valid,
    good: parseCount(words.good),
  };
}
