import { describe, expect, test } from 'vitest';
import type { NodeSpec } from '../inventory/index.ts';
import { assignTargets, nodeFinder, type Sample, singleValue, TargetTable } from './index.ts';

function node(name: string, address: string): NodeSpec {
  return { name, address, roles: [], ssh: {}, origin: 'test' };
}

const nodes = [
  node('cp-1', '10.0.0.1'),
  node('w-1', '10.0.0.2'),
  node('w-2', '2001:db8::3'),
  node('10.0.0.2', '10.0.0.9'),
];
const labelOrder = ['node', 'nodename', 'instance'];

describe('finding a node by labels', () => {
  const find = (labels: Record<string, string>) => nodeFinder(nodes, labelOrder)(labels)?.name ?? null;

  test.each([
    [{ instance: '10.0.0.1:9100' }, 'cp-1'],
    [{ instance: '10.0.0.1' }, 'cp-1'],
    [{ instance: 'CP-1:9100' }, 'cp-1'],
    [{ instance: '[2001:db8::3]:9100' }, 'w-2'],
    [{ instance: '2001:db8::3' }, 'w-2'],
    [{ instance: '10.0.0.1:9100', node: 'w-1' }, 'w-1'],
    [{ instance: '10.0.0.1:9100', node: 'a-stranger' }, 'cp-1'],
    [{ instance: '10.0.0.1:9100', node: '' }, 'cp-1'],
    [{ nodename: 'w-1', instance: '10.0.0.1:9100' }, 'w-1'],
    [{ instance: '10.0.0.99:9100' }, null],
    [{ pod: 'cp-1' }, null],
    [{}, null],
  ])('%j is %s', (labels, name) => {
    expect(find(labels)).toBe(name);
  });

  test('a name goes before the address of another', () => {
    expect(find({ instance: '10.0.0.2:9100' })).toBe('10.0.0.2');
  });

  test('labels that are named like something of JavaScript are nothing special', () => {
    expect(nodeFinder(nodes, ['constructor', '__proto__'])({ instance: 'cp-1' })).toBeNull();
  });
});

function sample(instance: string, value: number, more: Record<string, string> = {}): Sample {
  return { labels: { job: 'node', instance, ...more }, value };
}

function targets(...stamps: Sample[]) {
  const table = new TargetTable();
  table.add('stamp', stamps);
  return table.targets;
}

describe('one target for each node', () => {
  const find = nodeFinder(nodes, labelOrder);
  const assign = (...stamps: Sample[]) =>
    assignTargets(
      targets(...stamps).values(),
      ({ labels }) => find(labels),
      ({ series }) => singleValue(series, 'stamp'),
    );
  const namesOf = (found: ReturnType<typeof assign>) =>
    Object.fromEntries([...found.byNode].map(([{ name }, { labels }]) => [name, labels.job]));

  test('series of one target come together, whatever else they are labelled with', () => {
    const table = new TargetTable();
    table.add('a', [sample('10.0.0.1:9100', 1)]);
    const infos = [sample('10.0.0.1:9100', 2, { device: '0' }), sample('10.0.0.1:9100', 3, { device: '1' })];
    table.add('b', infos, true);
    const all = table.targets;
    const [only] = all.values();
    expect(all.size).toBe(1);
    expect(only?.series('a')).toEqual([{ labels: {}, value: 1 }]);
    expect(only?.series('b')).toEqual(infos);
    expect(only?.series('c')).toEqual([]);
  });

  test('of two jobs the fresher one speaks, and of equals always the same', () => {
    const old = sample('10.0.0.1:9100', 100);
    const fresh = sample('10.0.0.1:9101', 101, { job: 'other', node: 'cp-1' });
    expect(namesOf(assign(old, fresh))).toEqual({ 'cp-1': 'other' });
    expect(namesOf(assign(fresh, old))).toEqual({ 'cp-1': 'other' });
    const equal = { ...fresh, value: 100 };
    expect(namesOf(assign(equal, old))).toEqual(namesOf(assign(old, equal)));
  });

  test('two servers are never mixed: the one with more nodes is taken, and who is only elsewhere is named', () => {
    const of = (replica: string, instance: string, stamp: number) =>
      sample(instance, stamp, { prometheus_replica: replica });
    const found = assign(
      of('a', '10.0.0.1:9100', 100),
      of('b', '10.0.0.1:9100', 105),
      of('a', '[2001:db8::3]:9100', 100),
      of('b', 'w-1:9100', 105),
      of('a', 'w-2', 100),
      of('a', '10.0.0.9:9100', 1),
    );
    expect(found.scraper).toBe('prometheus_replica="a"');
    expect([...found.byNode.keys()].map(({ name }) => name).sort()).toEqual(['10.0.0.2', 'cp-1', 'w-2']);
    expect([...found.elsewhere].map(([{ name }, scraper]) => [name, scraper])).toEqual([
      ['w-1', 'prometheus_replica="b"'],
    ]);
  });

  test('targets of nobody and without a clock are left out', () => {
    expect(assign(sample('10.0.0.99:9100', 1), sample('10.0.0.1:9100', Number.NaN)).byNode.size).toBe(0);
  });
});
