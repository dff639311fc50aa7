/** `ntpdate -q` of ntp.org (`server …, stratum …`) and of ntpsec (one line a server). */
import { outputLines, parseCount, parseNumber } from '../output/index.ts';

export interface NtpdateServer {
  readonly server: string;
  readonly stratum: number;
  /** Node minus server, positive = the node is ahead (ntpdate prints the opposite). Null: it did not answer. */
  readonly offsetSeconds: number | null;
  /** Half the width of the offset's interval; null where only the delay is printed and it is 0. */
  readonly boundSeconds: number | null;
}

/** What the old ntpdate says at the end. */
export type NtpdateConclusion = 'adjust' | 'step' | 'no-server';

const old = /^server (\S{1,255}), stratum (\d{1,3}), offset ([+-]?\d\S{0,20}), delay (\d\S{0,20})$/;
const ntpsec =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,9} \([+-]\d{4}\) ([+-]\d\S{0,20}) \+\/- (\d\S{0,20}) (\S{1,255}(?: \S{1,64})?) s(\d{1,2}) (\S{1,20})$/;

export function readNtpdateLine(line: string): NtpdateServer | null {
  const trimmed = line.trim();
  const match = old.exec(trimmed);
  if (match !== null) {
    const [, server = '', stratum = '', offset = '', delay = ''] = match;
    const delaySeconds = parseNumber(delay);
    return build(server, stratum, offset, delaySeconds === null ? null : delaySeconds / 2);
  }
  const [, offset = '', bound = '', server = '', stratum = ''] = ntpsec.exec(trimmed) ?? [];
  return server === '' ? null : build(server, stratum, offset, parseNumber(bound));
}

function build(
  server: string,
  stratumWord: string,
  offsetWord: string,
  bound: number | null,
): NtpdateServer | null {
  const stratum = parseCount(stratumWord);
  const offset = parseNumber(offsetWord);
  if (stratum === null || offset === null || bound === null) return null;
  // ntp.org's ntpdate prints stratum 0, offset 0, delay 0 for a server that stayed silent.
  const silent = stratum === 0 && offset === 0;
  return { server, stratum, offsetSeconds: silent ? null : 0 - offset, boundSeconds: silent ? null : bound };
}

const conclusions: readonly (readonly [NtpdateConclusion, RegExp])[] = [
  ['adjust', /ntpdate\[\d{1,10}\]: adjust time server /],
  ['step', /ntpdate\[\d{1,10}\]: step time server /],
  ['no-server', /no server suitable for synchronization found|ntpdig: no eligible servers/],
];

export function readNtpdateConclusion(line: string): NtpdateConclusion | null {
  return conclusions.find(([, pattern]) => pattern.test(line))?.[0] ?? null;
}

/** Null when the text is not this report. */
export function parseNtpdate(
  text: string,
): { readonly servers: readonly NtpdateServer[]; readonly conclusion: NtpdateConclusion | null } | null {
  const lines = outputLines(text);
  const servers = lines.map(readNtpdateLine).filter((row) => row !== null);
  const conclusion = lines.map(readNtpdateConclusion).find((one) => one !== null) ?? null;
  return servers.length === 0 && conclusion === null ? null : { servers, conclusion };
}
