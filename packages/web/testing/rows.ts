/** Rows for tests: in order unless told otherwise. */
import type { NodeRow } from '@clockwarden/api/snapshot';
import { displayStatus } from '@clockwarden/core/assess';
import type { LiveRow } from '../live/model.ts';

export function nodeRowOf(part: Partial<NodeRow> = {}): NodeRow {
  return {
    name: 'node-1',
    address: '10.0.0.1',
    role: 'worker',
    verdict: 'ok',
    reachable: true,
    timezone: 'Asia/Shanghai',
    offset: { seconds: 0.0001, lowSeconds: -0.0001, highSeconds: 0.0003 },
    clock: { seconds: 0.0001, lowSeconds: -0.0001, highSeconds: 0.0003, source: 'ntp' },
    ageSeconds: 1,
    synchronized: true,
    daemon: 'chronyd',
    stratum: 4,
    follows: 'cp-1',
    unsync: false,
    worst: null,
    since: null,
    ...part,
  };
}

export function rowOf(part: Partial<NodeRow> = {}, receivedAt = 0): LiveRow {
  const row = nodeRowOf(part);
  return { ...row, status: displayStatus(row), receivedAt };
}
