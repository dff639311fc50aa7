import { hostname } from 'node:os';
import type { NodeSpec } from '@clockwarden/core/inventory';

/** True for the names under which this machine reaches itself without a network. */
export function isThisMachine(address: string): boolean {
  return ['localhost', '127.0.0.1', '::1', hostname().toLowerCase()].includes(address.toLowerCase());
}

/** The cluster of one that there is without any configuration. */
export function thisMachine(): NodeSpec {
  return {
    name: hostname(),
    address: 'localhost',
    roles: ['worker'],
    ssh: {},
    sources: ['local'],
    origin: 'this machine',
  };
}
