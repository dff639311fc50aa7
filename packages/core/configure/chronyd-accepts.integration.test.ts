import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testFacts, testMachine } from '@clockwarden/testkit/configure';
import { startChronyd, unpackDebian } from '@clockwarden/testkit/daemons';
import { createNamespace } from '@clockwarden/testkit/namespace';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { needRoot, run, runOrThrow } from '@clockwarden/testkit/process';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultTimesync, type PtpConfig, presets, type TimesyncConfig } from '../policy/index.ts';
import { designCluster, filesOf } from './index.ts';

const nodes = ['10.2.0.1', '10.2.0.2', '10.2.0.3', '10.2.0.4'].map((address, index) =>
  testNode(`n${index}`, { address, roles: index < 3 ? ['control-plane'] : ['worker'] }),
);

const policy = testPolicy({ nodes });

const timesync: TimesyncConfig = {
  ...defaultTimesync,
  mode: 'chrony',
  upstreams: ['nts.example.org', 'ptb.example.org', 'ntp.example.org', 'time.example.org'],
  allow: ['10.2.0.0/16', 'fd00::/8'],
  makestep: { thresholdSeconds: 0.5, limit: -1 },
  minSources: 2,
  hwtimestamp: ['*', 'eth0'],
  refclocks: ['PHC /dev/ptp0 poll 0 dpoll -2 offset 0', 'PPS /dev/pps0 lock NMEA refid GPS'],
  nts: true,
};

/** A node whose chronyd is the one that is asked here, with a tz database. */
const facts = testFacts({
  packages: { chrony: { installed: '4.3-2', candidate: null } },
  machine: testMachine({
    hardwareClocks: { eth0: '/dev/ptp1' },
    leapSeconds: { rightUtc: true, list: false },
  }),
});

let chronyd: { readonly path: string; readonly env: NodeJS.ProcessEnv };

beforeAll(async () => {
  const unpacked = await unpackDebian(['chrony']);
  chronyd = { path: unpacked.path('usr/sbin/chronyd'), env: { ...process.env, ...unpacked.env } };
});

const keys = { file: '/home/ops/keys', id: 7, content: '7 SHA256 HEX:00112233445566778899aabbccddeeff\n' };
const ptp: PtpConfig = { interfaces: ['eth0'], domain: 0, transport: 'UDPv4', program: 'ptp4l' };
const plain = { ...defaultTimesync, allow: ['10.2.0.0/16'] };

test.each([
  ['everything at once', timesync],
  ['addresses', { ...timesync, nts: false, upstreams: ['203.0.113.1', '2001:db8::1', 'ntp.example.org'] }],
  ['keys', { ...timesync, keys }],
  ['a hardware clock', { ...plain, ptp }],
  ['timemaster', { ...plain, ptp: { ...ptp, program: 'timemaster' } }],
  ['the preset public', { ...plain, ...presets.public.timesync }],
  ['the preset public-cn', { ...plain, ...presets['public-cn'].timesync }],
  ['the preset island', { ...plain, ...presets.island.timesync }],
  ['an island', { ...timesync, topology: 'island', upstreams: [], refclocks: [], nts: false }],
  [
    'the simplest',
    { ...timesync, allow: ['10.2.0.0/16'], hwtimestamp: [], refclocks: [], nts: false, minSources: null },
  ],
] as readonly (readonly [string, TimesyncConfig])[])('chronyd parses what is written for %s', (_, wanted) => {
  const folder = mkdtempSync(join(tmpdir(), 'clockwarden-render-'));
  try {
    const designed = designCluster(policy, wanted);
    expect(designed.nodes).toHaveLength(4);
    for (const design of designed.nodes) {
      for (const file of filesOf(design, wanted, 'debian', facts)) {
        if (file.path !== '/etc/chrony/chrony.conf') continue;
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

test('a server proves itself with the keys that are written, and with others it does not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clockwarden-keys-'));
  try {
    const written = (content: string): string => {
      const [design] = designCluster(policy, { ...plain, upstreams: ['a.example'] }).nodes;
      if (design === undefined) throw new Error('there is one');
      const files = filesOf(design, { ...plain, keys: { ...keys, content } }, 'debian');
      return files.find(({ mode }) => mode === 0o640)?.content ?? '';
    };
    const path = join(folder, 'chrony.keys');
    writeFileSync(path, written(keys.content), { mode: 0o600 });
    await using server = await startChronyd({ config: [`keyfile ${path}`, 'local stratum 9', 'allow'] });
    const ask = (keyFile: string): string => {
      const line = `server ${server.address} port ${server.port} iburst key 7`;
      const conf = join(folder, 'client.conf');
      writeFileSync(
        conf,
        `keyfile ${keyFile}\n${line}\ncmdport 0\nuser root\npidfile ${join(folder, 'pid')}\n`,
      );
      const run = spawnSync(chronyd.path, ['-x', '-Q', '-t', '6', '-f', conf], {
        encoding: 'utf8',
        env: chronyd.env,
      });
      return run.stdout + run.stderr;
    };
    expect(ask(path)).toMatch(/System clock wrong by/);
    const other = join(folder, 'other.keys');
    writeFileSync(other, written('7 SHA256 HEX:ffeeddccbbaa99887766\n'), { mode: 0o600 });
    expect(ask(other)).toMatch(/No suitable source|Timeout reached/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('an upstream proves itself by NTS as it is written, and one whom no certificate vouches for does not', async () => {
  needRoot('a network namespace');
  const folder = mkdtempSync(join(tmpdir(), 'clockwarden-nts-'));
  try {
    const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
    const subject = ['-subj', '/CN=ntp', '-addext', 'subjectAltName=DNS:localhost', '-days', '7'];
    await runOrThrow('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...[...subject, '-keyout', key, '-out', certificate],
    ]);
    await using space = await createNamespace();
    const config = [`ntsserverkey ${key}`, `ntsservercert ${certificate}`, 'local stratum 9', 'allow'];
    await using server = await startChronyd({ namespace: space.name, config });
    const wanted = { ...defaultTimesync, topology: 'direct', upstreams: ['localhost'], nts: true } as const;
    const [design] = designCluster(policy, wanted).nodes;
    if (design === undefined) throw new Error('there is one');
    const lines = filesOf(design, wanted, 'debian').flatMap(({ content }) => content.split('\n'));
    const servers = lines.filter((line) => line.startsWith('server '));
    const ask = async (...more: readonly string[]): Promise<string> => {
      const conf = join(folder, 'client.conf');
      const own = ['port 0', 'cmdport 0', 'user root', `pidfile ${join(folder, 'pid')}`];
      writeFileSync(conf, [...servers, ...more, ...own, ''].join('\n'));
      const query = ['-4', '-x', '-Q', '-t', '15', '-f', conf];
      const said = await run(chronyd.path, query, { namespace: space.name, env: chronyd.env });
      return said.stdout + said.stderr;
    };
    expect(servers).toEqual(['server localhost iburst nts']);
    expect(await ask(`ntstrustedcerts ${certificate}`), server.log()).toMatch(/System clock wrong by/);
    expect(await ask()).toMatch(/No suitable source|Timeout reached/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('linuxptp', () => {
  let linuxptp: Awaited<ReturnType<typeof unpackDebian>>;

  beforeAll(async () => {
    linuxptp = await unpackDebian(['linuxptp']);
  });

  /** What a program of it says of a file; it always fails in the end, for want of a clock. */
  function says(program: string, content: string, ...args: readonly string[]): string {
    const folder = mkdtempSync(join(tmpdir(), 'clockwarden-ptp-'));
    try {
      const path = join(folder, 'it.conf');
      writeFileSync(path, content);
      const env = { ...process.env, ...linuxptp.env };
      const run = spawnSync(linuxptp.path(`usr/sbin/${program}`), ['-f', path, '-m', ...args], {
        encoding: 'utf8',
        env,
        timeout: 10_000,
      });
      return run.stdout + run.stderr;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  function contentOf(program: PtpConfig['program'], wanted: Partial<PtpConfig>): string {
    const timesync = { ...plain, ptp: { ...ptp, ...wanted, program } };
    const [design] = designCluster(policy, timesync).nodes;
    if (design === undefined) throw new Error('there is one');
    return filesOf(design, timesync, 'debian').find((file) => file.program === 'linuxptp')?.content ?? '';
  }

  test.each(['UDPv4', 'UDPv6', 'L2'] as const)('ptp4l parses what is written for %s', (transport) => {
    const content = contentOf('ptp4l', { transport, domain: 24, interfaces: ['lo'] });
    expect(says('ptp4l', content)).not.toMatch(/failed to parse|unknown|invalid|bad/i);
    // And would say so.
    expect(says('ptp4l', content.replace('[global]', '[global]\nnonsense 1'))).toMatch(/nonsense/);
  });

  test('timemaster makes of it a chronyd with a clock of shared memory, and one ptp4l', () => {
    const content = contentOf('timemaster', { interfaces: ['lo'], domain: 5 });
    const said = says('timemaster', content, '-n');
    expect(said).toMatch(/domainNumber 5/);
    expect(said).toMatch(/include \/etc\/chrony\/chrony\.conf/);
  });
});
