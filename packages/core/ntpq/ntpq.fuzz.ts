import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { parseNtpdate, parsePeers } from './index.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const decoder = new TextDecoder();

function seeds(): Uint8Array[] {
  return [
    ...globSync('ntpsec-*/ntp*.txt', { cwd: fixtures }).map(
      (file) => new Uint8Array(readFileSync(`${fixtures}/${file}`)),
    ),
    new TextEncoder().encode('server 10.0.0.1, stratum 2, offset -0.500125, delay 0.02574\n'),
  ];
}

export const fuzz: readonly FuzzTarget[] = [
  {
    name: 'ntpq-peers',
    seeds,
    run: (input) => {
      parsePeers(decoder.decode(input));
    },
  },
  {
    name: 'ntpdate',
    seeds,
    run: (input) => {
      parseNtpdate(decoder.decode(input));
    },
  },
];
