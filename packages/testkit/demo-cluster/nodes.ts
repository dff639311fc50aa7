/** The nodes of the demo cluster: mostly in order, and one of each trouble that a screen must be able to show. */
import type { NodeRole, NodeSpec } from '@clockwarden/core/inventory';

/** What is the matter with a node. */
export type Condition =
  | 'fine'
  | 'over-role-limit'
  | 'over-warning'
  | 'over-critical'
  | 'wide-bound'
  | 'unreachable'
  | 'refused'
  | 'unsynchronized'
  | 'no-rtcsync'
  | 'free-running'
  | 'stepping'
  | 'other-timezone'
  | 'timesyncd'
  | 'liar-among-sources'
  | 'two-daemons';

export interface DemoNode {
  readonly spec: NodeSpec;
  readonly condition: Condition;
  /** Own number, from which everything about the node is derived. */
  readonly index: number;
}

/** Who has which trouble; every other worker is fine or runs timesyncd. Index 0..2 are the control plane. */
const troubles: Readonly<Record<number, Condition>> = {
  2: 'liar-among-sources',
  5: 'over-role-limit',
  6: 'free-running',
  7: 'unreachable',
  8: 'other-timezone',
  9: 'over-critical',
  11: 'wide-bound',
  12: 'no-rtcsync',
  13: 'unsynchronized',
  14: 'stepping',
  16: 'over-warning',
  17: 'refused',
  18: 'two-daemons',
};

/** @param count 1 or more; from 19 on every trouble occurs, again in each further thousand */
export function demoNodes(count: number): readonly DemoNode[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    condition: troubles[index % 1000] ?? (index % 4 === 3 ? 'timesyncd' : 'fine'),
    spec: {
      name: nameOf(index, count),
      address: `10.${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`,
      roles: rolesOf(index),
      ssh: {},
      origin: `demo:${index + 1}`,
    },
  }));
}

function nameOf(index: number, count: number): string {
  if (index < 3) return `cp-${index + 1}`;
  return `worker-${String(index - 2).padStart(String(count).length, '0')}`;
}

function rolesOf(index: number): readonly NodeRole[] {
  if (index < 2) return ['control-plane', 'etcd', 'ntp-server'];
  return index === 2 ? ['control-plane', 'etcd'] : ['worker'];
}
