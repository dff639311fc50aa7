import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { parseTimedatectl, parseTimesync, syncStateOfTimesync } from './index.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const decoder = new TextDecoder();

function seeds(): Uint8Array[] {
  return globSync('systemd-*/**/*.txt', { cwd: fixtures }).map(
    (file) => new Uint8Array(readFileSync(`${fixtures}/${file}`)),
  );
}

export const fuzz: readonly FuzzTarget[] = [
  {
    name: 'timedatectl',
    seeds,
    run: (input) => {
      parseTimedatectl(decoder.decode(input));
    },
  },
  {
    name: 'timesync',
    seeds,
    run: (input) => {
      const report = parseTimesync(decoder.decode(input));
      if (report !== null) syncStateOfTimesync(report);
    },
  },
];
