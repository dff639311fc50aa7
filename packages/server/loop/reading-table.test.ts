import type { NodeSpec } from '@clockwarden/core/inventory';
import { noFacts, type Reading, type SourceKind } from '@clockwarden/core/observe';
import { estimate } from '@clockwarden/core/time';
import { expect, test } from 'vitest';
import { ReadingTable } from './reading-table.ts';

const node: NodeSpec = { name: 'n1', address: '10.0.0.1', roles: [], ssh: {}, origin: 'test' };
const second = 1_000_000_000n;

function reading(source: SourceKind, atSeconds: number): Reading {
  const clock = {
    offset: estimate(0, 0.001),
    delaySeconds: null,
    stampedBy: 'process',
    samples: 1,
  } as const;
  return {
    source,
    target: 'test',
    at: BigInt(atSeconds) * second,
    tookSeconds: 0,
    result: { ok: true, facts: { ...noFacts, clock, raw: { 'chronyc tracking': 'long' } } },
  };
}

const seenAt = (table: ReadingTable): readonly string[] =>
  table.forMerge('n1', 100n * second, () => 300).map(({ source, at }) => `${source} ${at / second}`);

test('a clock that several sources read is also known as it was before another read it', () => {
  const table = new ReadingTable();
  for (const at of [0, 15]) table.record(node, reading('ntp', at));
  table.record(node, reading('ssh', 20));
  expect(seenAt(table)).toEqual(['ntp 15', 'ssh 20']);
  for (const at of [30, 45, 60]) table.record(node, reading('ntp', at));
  expect(seenAt(table)).toEqual(['ntp 60', 'ntp 15', 'ssh 20']);
  table.record(node, reading('ssh', 80));
  expect(seenAt(table)).toEqual(['ntp 60', 'ntp 15', 'ssh 80', 'ssh 20']);
  const [, , , before] = table.forMerge('n1', 100n * second, () => 300);
  expect(before?.result).toMatchObject({ ok: true, facts: { raw: null } });
});

test('of one source alone nothing but the latest is kept', () => {
  const table = new ReadingTable();
  for (const at of [0, 15, 30]) table.record(node, reading('ntp', at));
  expect(seenAt(table)).toEqual(['ntp 30']);
});
