import { testDesign } from '@clockwarden/testkit/configure';
import { testNode } from '@clockwarden/testkit/policy';
import { expect, test } from 'vitest';
import type { NodeRole } from '../inventory/index.ts';
import type { NodeDesign } from './design.ts';
import { wavesOf } from './order.ts';

function design(name: string, part: NodeDesign['part'], ...roles: NodeRole[]): NodeDesign {
  return testDesign({ node: testNode(name, { roles }), part });
}

const cluster = [
  design('cp1', 'server', 'control-plane'),
  design('cp2', 'server', 'control-plane'),
  design('cp3', 'client', 'control-plane', 'etcd'),
  ...Array.from({ length: 9 }, (_, index) => design(`w${index}`, 'client', 'worker')),
];

test('servers singly, a canary, batches of workers, the rest of the control plane singly', () => {
  expect(wavesOf(cluster, 0.25)).toEqual([
    ['cp1'],
    ['cp2'],
    ['w0'],
    ['w1', 'w2'],
    ['w3', 'w4'],
    ['w5', 'w6'],
    ['w7', 'w8'],
    ['cp3'],
  ]);
  expect(wavesOf(cluster, 1)).toEqual([
    ['cp1'],
    ['cp2'],
    ['w0'],
    ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8'],
    ['cp3'],
  ]);
  expect(wavesOf([], 0.25)).toEqual([]);
});

test('a batch may be a number of nodes, and a worker that runs etcd goes singly', () => {
  expect(wavesOf(cluster, { nodes: 5 }, new Set(['w3']))).toEqual([
    ['cp1'],
    ['cp2'],
    ['w0'],
    ['w1', 'w2', 'w4', 'w5', 'w6'],
    ['w7', 'w8'],
    ['cp3'],
    ['w3'],
  ]);
});
