import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action, WritableState } from './actions.ts';
import { toBase64 } from './base64.ts';
import { wireOf } from './wire.ts';
import { parseJob, parseWire } from './wire-parse.ts';

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const words = fc.array(word, { maxLength: 3 });
const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 20 });

const state: fc.Arbitrary<WritableState> = fc.oneof(
  fc.constant({ kind: 'absent' as const }),
  word.map((target) => ({ kind: 'link' as const, target })),
  fc.record({
    kind: fc.constant('file' as const),
    content: bytes.map((values) => toBase64(String.fromCharCode(...values))),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    owner: word,
    group: word,
  }),
);
const file = fc.record({ path: word.map((name) => `/${name}`), state });
const daemon = fc.constantFrom('chronyd' as const, 'systemd-timesyncd' as const);
const unit = fc.record({ active: fc.boolean(), enabled: fc.boolean(), masked: fc.boolean() });

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('fetch-packages' as const), packages: words }),
  fc.record({ kind: fc.constant('install-package' as const), package: word, removes: words, purge: words }),
  fc.record({ kind: fc.constant('remove-package' as const), package: word, purge: fc.boolean() }),
  fc.record({
    kind: fc.constant('configure-daemon' as const),
    daemon,
    unit: word,
    files: fc.array(file, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('set-units' as const),
    units: fc.dictionary(word, unit, { maxKeys: 3, noNullPrototype: true }),
  }),
  file.map((change) => ({ kind: 'put-file' as const, ...change })),
  fc.record({
    kind: fc.constantFrom('open-firewall' as const, 'close-firewall' as const),
    backend: fc.constantFrom('firewalld' as const, 'ufw' as const, 'nftables' as const, 'iptables' as const),
    networks: words,
  }),
  fc.record({ kind: fc.constant('resync' as const), daemon, unit: word }),
);

test('every action comes back from its line', () => {
  fc.assert(
    fc.property(action, (one) => {
      expect(parseWire(wireOf(one))).toEqual(one);
    }),
  );
});

test('a whole job comes back, one that was cut or is of another version does not', () => {
  const step: Action = { kind: 'put-file', path: '/etc/timezone', state: { kind: 'absent' } };
  const job = `do 0 ${wireOf(step)}\nundo 0 -\ndo 1 ${wireOf(step)}\nundo 1 ${wireOf(step)}\n`;
  expect(parseJob(job)).toEqual([
    { action: step, inverse: null },
    { action: step, inverse: step },
  ]);
  expect(parseJob(job.replace(/undo 1.*\n/, ''))).toBe(null);
  expect(parseJob(job.replace('do 1', 'do 2'))).toBe(null);
  expect(parseJob(job.replace('do 0 put-file', 'do 0 paint-file'))).toBe(null);
  expect(parseJob('')).toBe(null);
  expect(parseWire('put-file L2E= cGlwZQ== - - - -')).toBe(null);
  expect(parseWire('configure-daemon bnRwZA== bnRwLnNlcnZpY2U=')).toBe(null);
});
