/** The policy of a cluster in a test: nothing but what the test says of it. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import { type ClusterPolicy, defaultLimits } from '@clockwarden/core/policy';

export function testNode(name: string, more: Partial<NodeSpec> = {}): NodeSpec {
  return { name, address: name, roles: ['worker'], ssh: {}, origin: 'test', ...more };
}

export function testPolicy(more: Partial<ClusterPolicy> = {}): ClusterPolicy {
  return {
    name: 'test',
    nodes: [],
    timezone: null,
    limits: defaultLimits,
    reference: null,
    sources: {},
    history: { path: ':memory:', rawHours: 48, rollupDays: 90, maxBytes: 1e9 },
    console: { host: '127.0.0.1', port: 8323, allowedHosts: [] },
    ...more,
  };
}
