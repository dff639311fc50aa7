import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { explainText } from './index.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));
const decoder = new TextDecoder();

export const fuzz: FuzzTarget = {
  name: 'explain',
  seeds: () =>
    ['chrony-*/**/*.txt', 'systemd-*/**/*.txt', 'adjtimex/*.txt', 'ntpsec-*/*.txt']
      .flatMap((pattern) => globSync(pattern, { cwd: fixtures }))
      .map((file) => new Uint8Array(readFileSync(`${fixtures}/${file}`))),
  run: (input) => {
    explainText(decoder.decode(input));
  },
};
