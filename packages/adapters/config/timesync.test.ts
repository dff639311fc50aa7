import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '@clockwarden/core/errors';
import { defaultTimesync, presets } from '@clockwarden/core/policy';
import { afterAll, describe, expect, it } from 'vitest';
import { loadPolicy, withKeys } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-timesync-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(content: string, options: Partial<Parameters<typeof loadPolicy>[0]> = {}) {
  writeFileSync(join(folder, 'clockwarden.yaml'), content);
  return loadPolicy({ cwd: folder, ...options });
}

function mistakes(content: string): readonly string[] {
  try {
    load(content);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    for (const { detail } of error.details) expect(detail?.['zh-CN']).toMatch(/\p{Script=Han}/u);
    return error.details.map(({ line, column, detail }) => `${line}:${column} ${detail?.en}`);
  }
  throw new Error('nothing was refused');
}

const inventory = (): string => {
  const path = join(folder, 'hosts');
  writeFileSync(path, '[kube_master]\ncp-1\n[kube_node]\nw-1\nw-2\n[edge]\nw-1\n[rooms:children]\nedge\n');
  return path;
};

describe('the block', () => {
  it('has every default where it says nothing', () => {
    expect(load('timesync: {}').timesync).toEqual(defaultTimesync);
    expect(load('nodes: [a]').timesync).toBeUndefined();
  });

  it('takes every key as people ask for it', () => {
    const { timesync, timezone } = load(
      [
        'timezone: Asia/Shanghai',
        'timesync:',
        '  enabled: true',
        '  mode: chrony',
        '  topology: hierarchy',
        '  upstreams: [ntp.example]',
        '  servers: [192.168.1.10]',
        '  allow: [10.2.0.0/16]',
        '  makestep: {threshold: 1, limit: 3}',
        '  minsources: 2',
        '  fallback: [b.example]',
        '  hwtimestamp: [eth0]',
        '  refclocks: [PPS /dev/pps0 lock NMEA]',
        '  nts: true',
        '  firewall: off',
        '  threshold: 500ms',
      ].join('\n'),
    );
    expect(timezone).toBe('Asia/Shanghai');
    expect(timesync).toEqual({
      ...defaultTimesync,
      mode: 'chrony',
      topology: 'hierarchy',
      upstreams: ['ntp.example'],
      servers: ['192.168.1.10'],
      allow: ['10.2.0.0/16'],
      minSources: 2,
      fallback: ['b.example'],
      hwtimestamp: ['eth0'],
      refclocks: ['PPS /dev/pps0 lock NMEA'],
      nts: true,
      firewall: 'off',
      thresholdSeconds: 0.5,
    });
  });

  it('knows keys, PTP, the firewall and adoption', () => {
    const { timesync } = load(
      'timesync: {keys: {file: chrony.keys, id: 7}, ptp: {interfaces: [eth0], domain: 24}, firewall: off, adopt: true}',
    );
    expect(timesync).toMatchObject({
      keys: { file: join(folder, 'chrony.keys'), id: 7, content: null },
      ptp: { interfaces: ['eth0'], domain: 24, transport: 'UDPv4', program: 'ptp4l' },
      firewall: 'off',
      adopt: true,
    });
  });
});

describe('the sources that must agree', () => {
  it('may be spelt as chrony spells them, everywhere', () => {
    expect(load('timesync: {minsources: 3}').timesync?.minSources).toBe(3);
    const { overrides } = load(
      'nodes: [a, {name: b, timesync: {minsources: 2}}]\ngroups: {a: {timesync: {minsources: 1}}}',
    );
    expect([...(overrides ?? [])]).toEqual([
      ['a', { minSources: 1 }],
      ['b', { minSources: 2 }],
    ]);
  });

  it('are written once', () => {
    const twice = '`minSources` and `minsources` are the same key: write one of them';
    expect(
      mistakes(
        'timesync: {minSources: 2, minsources: 2}\ngroups: {all: {timesync: {minsources: 2, minSources: 1}}}',
      ),
    ).toEqual([
      `1:39 \`timesync.minsources\`: ${twice}`,
      `2:39 \`groups.all.timesync.minsources\`: ${twice}`,
    ]);
    expect(mistakes('timesync: {minsource: 2}')).toEqual([
      '1:12 `timesync`: there is no key `minsource` here; is `minSources` meant?',
    ]);
  });
});

describe('a preset', () => {
  it('lies under what the file says, key by key, and brings a time zone', () => {
    const policy = load('timesync: {preset: public-cn, upstreams: [ntp.example], minSources: 3}');
    expect(policy.timesync).toEqual({ ...defaultTimesync, upstreams: ['ntp.example'], minSources: 3 });
    expect(policy.timezone).toBe('Asia/Shanghai');
    expect(load('timezone: UTC\ntimesync: {preset: public-cn}').timezone).toBe('UTC');
    expect(load('timesync: {preset: public-cn, upstreams: []}').timesync?.upstreams).toEqual([]);
  });

  it('of the command line takes the place of that of the file, and makes a block where there is none', () => {
    const asked = { preset: 'public' } as const;
    const { upstreams } = presets.public.timesync;
    expect(load('timesync: {preset: island, allow: [10.2.0.0/16]}', asked).timesync).toMatchObject({
      topology: 'auto',
      upstreams,
      allow: ['10.2.0.0/16'],
    });
    expect(load('nodes: [a]', asked).timesync).toEqual({ ...defaultTimesync, upstreams });
  });
});

describe('what groups and nodes have differently', () => {
  const content = [
    'inventory: hosts',
    'nodes:',
    '  - {name: x-1, timesync: {upstreams: [x.ntp], adopt: true}}',
    'timesync: {upstreams: [a.ntp], minSources: 2}',
    'groups:',
    '  all: {timesync: {hwtimestamp: [eth0], makestep: {limit: 5}}}',
    '  worker: {timezone: UTC, timesync: {upstreams: [w.ntp], nts: true}}',
    '  edge: {timezone: Asia/Tokyo, timesync: {upstreams: []}}',
    '  rooms: {timesync: {nts: false}}',
    '  w-2: {timesync: {firewall: off}}',
  ].join('\n');

  it('goes from weak to strong: all, roles, groups as Ansible ranks them, the name, the own entry', () => {
    inventory();
    const { overrides, nodes } = load(content);
    const all = { hwtimestamp: ['eth0'], makestep: { thresholdSeconds: 1, limit: 5 } };
    expect(overrides?.get('cp-1')).toEqual(all);
    expect(overrides?.get('w-1')).toEqual({ ...all, upstreams: [], nts: false });
    expect(overrides?.get('w-2')).toEqual({ ...all, upstreams: ['w.ntp'], nts: true, firewall: 'off' });
    expect(overrides?.get('x-1')).toEqual({ ...all, upstreams: ['x.ntp'], nts: true, adopt: true });
    expect(nodes.map(({ name, timezone }) => [name, timezone])).toEqual([
      ['x-1', 'UTC'],
      ['cp-1', undefined],
      ['w-1', 'Asia/Tokyo'],
      ['w-2', 'UTC'],
    ]);
  });

  it('is not there when nothing is', () => {
    expect(load('nodes: [a]\ntimesync: {}').overrides).toBeUndefined();
  });

  it('may name a node like a key of every object', () => {
    expect(
      load('nodes: [constructor]\ngroups: {worker: {timesync: {nts: true}}}').overrides?.get('constructor'),
    ).toEqual({ nts: true });
    expect(load('nodes: [constructor]').overrides).toBeUndefined();
  });

  it('may not touch what holds for the whole cluster', () => {
    expect(
      mistakes(
        'nodes: [{name: a, timesync: {topology: island}}]\ngroups: {worker: {timesync: {keys: {file: k, id: 1}, upstream: [x]}}}',
      ),
    ).toEqual([
      '1:30 `nodes[1].timesync`: `topology` holds for the whole cluster: write it in `timesync` at the top',
      '2:30 `groups.worker.timesync`: `keys` holds for the whole cluster: write it in `timesync` at the top',
      '2:54 `groups.worker.timesync`: there is no key `upstream` here; is `upstreams` meant?',
    ]);
  });

  it('names groups, roles or nodes that are there', () => {
    expect(mistakes('nodes: [a]\ngroups:\n  worker: {}\n  wroker: {timezone: UTC}')).toEqual([
      '4:3 `groups`: no node is in a group, has a role or is called `wroker`; is `worker` meant?',
    ]);
  });
});

describe('keys', () => {
  const path = join(folder, 'chrony.keys');
  const timesync = { ...defaultTimesync, keys: { file: path, id: 7, content: null } };
  const refusal = (): OperatorError => {
    try {
      withKeys(timesync);
    } catch (error) {
      if (error instanceof OperatorError) return error;
    }
    throw new Error('nothing was refused');
  };

  it('are read when something is written to nodes, and not before', () => {
    writeFileSync(path, '7 SHA256 HEX:00\n');
    expect(withKeys(timesync).keys?.content).toBe('7 SHA256 HEX:00\n');
    expect(withKeys(defaultTimesync)).toBe(defaultTimesync);
  });

  it('are never in what is said of a file that cannot be used', () => {
    writeFileSync(path, '7 SHA256 top secret\n');
    expect(refusal().code).toBe('config-invalid');
    expect(JSON.stringify(refusal().details)).not.toContain('secret');
    writeFileSync(path, '8 SHA256 HEX:00\n');
    expect(refusal().details[0]?.detail?.en).toBe('it has no key 7');
    rmSync(path);
    expect(refusal().code).toBe('config-unreadable');
  });
});
