import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import {
  parseActivity,
  parseNtpData,
  parseSelectData,
  parseServerStats,
  parseSourceStats,
  parseSources,
  parseTracking,
} from './index.ts';

const fixtures = fileURLToPath(new URL('../../../../fixtures', import.meta.url));
const decoder = new TextDecoder();

function target(report: string, parse: (text: string) => unknown): FuzzTarget {
  return {
    name: `chronyc-${report}`,
    seeds: () =>
      globSync(`chrony-*/**/${report}*.txt`, { cwd: fixtures }).map(
        (file) => new Uint8Array(readFileSync(`${fixtures}/${file}`)),
      ),
    run: (input) => {
      parse(decoder.decode(input));
    },
  };
}

export const fuzz: readonly FuzzTarget[] = [
  target('tracking', parseTracking),
  target('sources', parseSources),
  target('sourcestats', parseSourceStats),
  target('activity', parseActivity),
  target('ntpdata', parseNtpData),
  target('selectdata', parseSelectData),
  target('serverstats', parseServerStats),
];
