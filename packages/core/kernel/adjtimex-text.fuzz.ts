import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { parseAdjtimex, parseNtptime } from './index.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const decoder = new TextDecoder();

export const fuzz: FuzzTarget = {
  name: 'adjtimex-text',
  seeds: () =>
    globSync('adjtimex/*.txt', { cwd: fixtures }).map(
      (file) => new Uint8Array(readFileSync(`${fixtures}/${file}`)),
    ),
  run: (input) => {
    const text = decoder.decode(input);
    parseAdjtimex(text);
    parseNtptime(text);
  },
};
