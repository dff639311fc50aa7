import { existsSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { expect, test } from 'vitest';
import { createNamespace, createNetwork } from '../namespace/index.ts';
import { run } from '../process/index.ts';
import { waitFor } from '../wait/index.ts';
import {
  chronyc,
  chronydQuery,
  ntpdate,
  ntpq,
  promtool,
  startChronyd,
  startNodeExporter,
  startNtpd,
  startPrometheus,
  startSshd,
  unpackDebian,
} from './index.ts';

function page(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

test('a package is unpacked once, however many ask for it at the same time', async () => {
  const asked = await Promise.all([1, 2, 3].map(() => unpackDebian(['chrony'])));
  expect(new Set(asked.map((one) => one.roots[0])).size).toBe(1);
  expect(asked[0]?.path('usr/sbin/chronyd')).toMatch(/\/debian\/chrony_\d[^/]*\/usr\/sbin\/chronyd$/);
  expect(() => asked[0]?.path('usr/sbin/absent')).toThrow(/usr\/sbin\/absent/);
});

test('a package that does not exist is named in the error', async () => {
  await expect(unpackDebian(['clockwarden-has-no-such-package'])).rejects.toThrow(
    /clockwarden-has-no-such-package/,
  );
});

test('chronyd serves, another follows it, and the one-shot query sees no offset', async () => {
  await using server = await startChronyd({ config: ['local stratum 3', 'allow'] });
  await using client = await startChronyd({
    port: 0,
    config: [`server 127.0.0.1 port ${server.port} iburst minpoll -2 maxpoll 0`],
  });
  await waitFor(async () => (await chronyc(['-c', 'tracking'], client)).stdout.split(',')[2] === '4', {
    what: 'the client to follow',
    evidence: client.log,
    deadlineMs: 30_000,
  });
  const overUdp = await chronyc(['-c', 'sources'], {
    address: client.address,
    cmdPort: client.cmdPort,
    namespace: undefined,
  });
  expect(overUdp.stdout).toMatch(/^\^,\*,127\.0\.0\.1,3,/);
  const once = await chronydQuery(`server 127.0.0.1 port ${server.port} iburst`);
  expect(Math.abs(once.offsetSeconds ?? 1)).toBeLessThan(0.05);
  expect(client.log()).toContain('Disabled control of system clock');
  const { directory } = client;
  await client.stop();
  expect(existsSync(directory)).toBe(false);
});

test('a daemon that cannot start says why', async () => {
  await expect(startChronyd({ config: ['nonsense 1'] })).rejects.toThrow(/Invalid directive|nonsense/);
});

test('hosts in namespaces reach each other over IPv4 and IPv6; ntpsec and ntpdate read chronyd there', async () => {
  await using network = await createNetwork(['server', 'client']);
  const { server, client } = network.hosts;
  await using chronyd = await startChronyd({
    namespace: server.namespace,
    address: server.address,
    config: ['local stratum 2', 'allow'],
  });
  await using six = await startChronyd({
    namespace: server.namespace,
    address: server.address6,
    cmdPort: 3230,
    config: ['local stratum 5', 'allow'],
  });
  expect([chronyd.port, chronyd.cmdPort, six.port]).toEqual([123, 323, 123]);
  await using ntpd = await startNtpd({
    namespace: client.namespace,
    config: [`server ${server.address} iburst minpoll 0`, `server ${server.address6} iburst minpoll 0`],
  });
  await waitFor(
    async () => {
      const peers = (await ntpq(['-pn', '127.0.0.1'], client.namespace)).stdout;
      return /10\.83\.0\.1 .* 2 u /.test(peers) && /fd83::1 .* 5 u /.test(peers);
    },
    { what: 'both peers', evidence: ntpd.log, deadlineMs: 60_000, everyMs: 300 },
  );
  const asked = await ntpdate(server.address, client.namespace);
  expect(Math.abs(asked.offsetSeconds ?? 1), asked.stdout + asked.stderr).toBeLessThan(0.05);
});

test('nothing launched may set the clock', async () => {
  await using chronyd = await startChronyd();
  const bounding = /^CapBnd:\s+(\w+)$/m.exec(readFileSync(`/proc/${chronyd.pid}/status`, 'utf8'))?.[1];
  const CAP_SYS_TIME = 25n;
  expect((BigInt(`0x${bounding}`) >> CAP_SYS_TIME) & 1n).toBe(0n);
});

test('node_exporter has its timex page, and Prometheus scrapes it', async () => {
  await using exporter = await startNodeExporter();
  const metrics = await page(`${exporter.url}/metrics?collect[]=timex&collect[]=time`);
  expect(metrics).toMatch(/^node_timex_sync_status [01]$/m);
  expect(metrics).toMatch(/^node_time_seconds /m);
  await using prometheus = await startPrometheus({
    jobs: [
      { job: 'node', targets: [`127.0.0.1:${exporter.port}`], labels: { node: 'n1' }, intervalSeconds: 0.2 },
    ],
  });
  const reply = await waitFor(
    async () => {
      const text = await page(`${prometheus.url}/api/v1/query?query=node_time_seconds`);
      return text.includes('"node":"n1"') && text;
    },
    { what: 'the first scrape', evidence: prometheus.log, deadlineMs: 30_000, everyMs: 100 },
  );
  expect(reply).toContain('"status":"success"');
  expect((await run(await promtool(), ['--version'])).stdout).toContain('promtool, version 2.');
});

test('sshd lets the key in, with the environment and files it was given, and strangers are refused', async () => {
  await using sshd = await startSshd({
    env: { NODE_NAME: 'n1', PATH: '/opt/none:/usr/bin:/bin' },
    users: ['operator:x:4711:4711::/:/bin/sh'],
    mounts: { '/etc/hostname': '/etc/os-release' },
  });
  const remote = [
    '-F',
    sshd.sshConfig,
    '-o',
    'BatchMode=yes',
    'node',
    'id -un; echo $NODE_NAME $PATH; cat /etc/hostname',
  ];
  const root = await run('ssh', remote);
  expect(root.stdout, root.stderr + sshd.log()).toMatch(/^root\nn1 \/opt\/none:\/usr\/bin:\/bin\n.*NAME=/s);
  const operator = await run('ssh', [
    '-F',
    sshd.sshConfig,
    '-o',
    'BatchMode=yes',
    '-l',
    'operator',
    'node',
    'id -u',
  ]);
  expect(operator.stdout, operator.stderr).toBe('4711\n');
  const stranger = await run('ssh', [
    '-F',
    sshd.sshConfig,
    '-o',
    'BatchMode=yes',
    '-l',
    'nobody-here',
    'node',
    'true',
  ]);
  expect(stranger.code).toBe(255);
  const unknown = await run('ssh', [
    ...['-F', sshd.sshConfig, '-o', 'BatchMode=yes', '-o', 'UserKnownHostsFile=/dev/null'],
    ...['-o', 'StrictHostKeyChecking=yes', 'node', 'true'],
  ]);
  expect(unknown.stderr).toContain('Host key verification failed');
});

test('a namespace is gone after use', async () => {
  const namespace = await createNamespace();
  expect(existsSync(`/run/netns/${namespace.name}`)).toBe(true);
  await namespace.remove();
  expect(existsSync(`/run/netns/${namespace.name}`)).toBe(false);
});
