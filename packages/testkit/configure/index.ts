/** What a plan is made of in a test: a client of chronyd on a Debian with chrony, and nothing but what the test says of it. */
import type { ConfigureFacts, NodeDesign, UnitState } from '@clockwarden/core/configure';
import { testNode } from '../policy/index.ts';

export const runningUnit: UnitState = { active: true, enabled: true, masked: false };

export function testDesign(more: Partial<NodeDesign> = {}): NodeDesign {
  return {
    node: testNode('n1', { address: '10.2.0.1' }),
    part: 'client',
    daemon: 'chronyd',
    upstreams: [],
    servers: [],
    refclocks: [],
    ptp: null,
    adopted: false,
    overrides: {},
    allow: [],
    orphan: false,
    minSources: null,
    timezone: null,
    ...more,
  };
}

export function testFacts(more: Partial<ConfigureFacts> = {}): ConfigureFacts {
  return {
    os: { id: 'debian', like: '', name: 'Debian 12' },
    privilege: 'root',
    systemd: true,
    packageManager: 'apt',
    packages: { chrony: { installed: '4.3', candidate: '4.3' } },
    units: { 'chrony.service': runningUnit },
    files: {},
    firewall: null,
    clockJobs: {},
    runs: { etcd: false, apiserver: false },
    ...more,
  };
}

type MachineFacts = NonNullable<ConfigureFacts['machine']>;

/** Hardware with a tz database that knows leap seconds, and neither clocks nor programs that matter. */
export function testMachine(more: Partial<MachineFacts> = {}): MachineFacts {
  return {
    hardwareClocks: {},
    hostClock: null,
    container: null,
    programs: [],
    vmwareTimesync: null,
    leapSeconds: { rightUtc: true, list: true },
    otherSources: {},
    ...more,
  };
}
