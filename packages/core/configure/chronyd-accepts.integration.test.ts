import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackDebian } from '@clockwarden/testkit/daemons';
import { beforeAll, expect, test } from 'vitest';
import type { NodeSpec } from '../inventory/index.ts';
import { type ClusterPolicy, defaultLimits, defaultTimesync, type TimesyncConfig } from '../policy/index.ts';
import { designCluster, filesOf } from './index.ts';

const nodes = ['10.2.0.1', '10.2.0.2', '10.2.0.3', '10.2.0.4'].map(
  (address, index): NodeSpec => ({
    name: `n${index}`,
    address,
    roles: index < 3 ? ['control-plane'] : ['worker'],
    ssh: {},
    origin: 'test',
  }),
);

const policy: ClusterPolicy = {
  name: 'lab',
  nodes,
  timezone: null,
  limits: defaultLimits,
  reference: null,
  sources: {},
  history: { path: ':memory:', rawHours: 48, rollupDays: 90, maxBytes: 1e9 },
  console: { host: '127.0.0.1', port: 8323, allowedHosts: [] },
};

const timesync: TimesyncConfig = {
  ...defaultTimesync,
  mode: 'chrony',
  upstreams: ['203.0.113.1', '203.0.113.2', 'ntp.example.org', '2001:db8::1'],
  allow: ['10.2.0.0/16', 'fd00::/8'],
  makestep: { thresholdSeconds: 0.5, limit: -1 },
  minSources: 2,
  hwtimestamp: ['*', 'eth0'],
  refclocks: ['PHC /dev/ptp0 poll 0 dpoll -2 offset 0', 'PPS /dev/pps0 lock NMEA refid GPS'],
  nts: true,
};

let chronyd: { readonly path: string; readonly env: NodeJS.ProcessEnv };

beforeAll(async () => {
  const unpacked = await unpackDebian(['chrony']);
  chronyd = { path: unpacked.path('usr/sbin/chronyd'), env: { ...process.env, ...unpacked.env } };
});

test.each([
  ['everything at once', timesync],
  ['an island', { ...timesync, topology: 'island', upstreams: [], refclocks: [], nts: false }],
  [
    'the simplest',
    { ...timesync, allow: ['10.2.0.0/16'], hwtimestamp: [], refclocks: [], nts: false, minSources: null },
  ],
] as const)('chronyd parses what is written for %s', (_, wanted) => {
  const folder = mkdtempSync(join(tmpdir(), 'clockwarden-render-'));
  try {
    const designed = designCluster(policy, wanted);
    expect(designed.nodes).toHaveLength(4);
    for (const design of designed.nodes) {
      for (const file of filesOf(design, wanted, 'debian')) {
        const path = join(folder, 'chrony.conf');
        writeFileSync(path, file.content);
        const run = spawnSync(chronyd.path, ['-p', '-f', path], { encoding: 'utf8', env: chronyd.env });
        expect(`${design.node.name}: ${run.stderr}`).toBe(`${design.node.name}: `);
        expect(run.status).toBe(0);
        const directives = file.content.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        expect(run.stdout.trim().split('\n')).toEqual(directives);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
