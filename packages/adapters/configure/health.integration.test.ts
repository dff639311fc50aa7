import { join } from 'node:path';
import { type Etcd, startEtcd } from '@clockwarden/testkit/daemons';
import { createNamespace } from '@clockwarden/testkit/namespace';
import {
  launch,
  needRoot,
  privateDirectory,
  type Running,
  removeDirectory,
  run,
  runOrThrow,
} from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Health, parseHealth } from './health.ts';
import { healthScript } from './health-script.ts';

interface Impostor {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
  readonly address?: string;
  /** Of an answer to anybody, and to who shows the certificate. */
  readonly statuses: readonly [anybody: number, known?: number];
  /** PEM files; absent: it answers in the clear. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly options?: readonly string[];
}

/** A process of that name which answers every request; its command line stays, which `process.title` would overwrite. */
const impostor = `
const { readFileSync, writeFileSync } = require('node:fs');
const { name, port, address, statuses: [anybody, known], tls } = JSON.parse(process.argv[1]);
writeFileSync('/proc/self/comm', name);
const answer = ({ socket }, response) => response.writeHead(socket.authorized ? known : anybody).end();
const pem = tls && { cert: readFileSync(tls.certificate), ca: readFileSync(tls.certificate), key: readFileSync(tls.key) };
const server = pem
  ? require('node:https').createServer({ ...pem, requestCert: true, rejectUnauthorized: false }, answer)
  : require('node:http').createServer(answer);
server.listen(port, address, () => console.log('listening'));`;

async function startImpostor({ options = [], ...own }: Impostor): Promise<Running> {
  const words = JSON.stringify({ address: '127.0.0.1', ...own });
  const running = launch(process.execPath, ['-e', impostor, '--', words, ...options], {
    namespace: own.namespace,
  });
  await waitFor(() => running.log().includes('listening'), { what: `the impostor of ${own.name}` });
  return running;
}

/** As root of a machine whose /etc/kubernetes/ssl is that of kubeasz, with the certificate of this etcd. */
async function askWithCertificate({
  certificate,
  key,
  namespace,
}: Etcd): Promise<ReturnType<typeof parseHealth>> {
  const enter = `
set -e
mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/upper/kubernetes/ssl /mnt/work
cp "$1" /mnt/upper/kubernetes/ssl/etcd.pem
cp "$2" /mnt/upper/kubernetes/ssl/etcd-key.pem
mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc
exec sh -c "$3"`;
  const args = ['--mount', 'sh', '-c', enter, 'sh', certificate, key, healthScript];
  const { stdout } = await run('unshare', args, { namespace });
  return parseHealth(stdout);
}

async function ask(namespace: string): Promise<ReturnType<typeof parseHealth>> {
  const { stdout } = await run('sh', ['-c', healthScript], { namespace });
  return parseHealth(stdout);
}

test.each([
  [200, { state: 'ok', said: '' }],
  [503, { state: 'bad', said: 'HTTP 503 from http://127.0.0.1:2381/health' }],
  [404, { state: 'unknown', said: '' }],
] as const)('an etcd that answers %i', async (status, expected) => {
  needRoot('a network namespace');
  await using space = await createNamespace();
  await using _ = await startImpostor({
    name: 'etcd',
    namespace: space.name,
    port: 2381,
    statuses: [status],
  });
  expect((await ask(space.name))?.etcd).toEqual(expected);
});

test('a real etcd that kubeadm set up', async () => {
  needRoot('a network namespace');
  await using space = await createNamespace();
  await using etcd = await startEtcd({ namespace: space.name, metrics: true });
  expect((await ask(space.name))?.etcd, etcd.log()).toEqual({ state: 'ok', said: '' });
});

test('a real etcd that answers nobody without a certificate', async () => {
  needRoot('a network namespace');
  await using space = await createNamespace();
  await using etcd = await startEtcd({ namespace: space.name, metrics: false });
  expect((await ask(space.name))?.etcd).toEqual({ state: 'unknown', said: '' });
  expect((await askWithCertificate(etcd))?.etcd, etcd.log()).toEqual({ state: 'ok', said: '' });
});

test('a real etcd whose other member is away has no leader, and says so', async () => {
  needRoot('a network namespace');
  await using space = await createNamespace();
  await using etcd = await startEtcd({ namespace: space.name, metrics: true, alone: true });
  expect((await ask(space.name))?.etcd, etcd.log()).toEqual({
    state: 'bad',
    said: 'HTTP 503 from http://127.0.0.1:2381/health',
  });
});

describe('an apiserver', () => {
  const folder = privateDirectory('apiserver');
  const tls = { certificate: join(folder, 'client.crt'), key: join(folder, 'client.key') };
  beforeAll(async () => {
    needRoot('a network namespace');
    await runOrThrow('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '7',
      ],
      ...['-subj', '/CN=kube-apiserver', '-keyout', tls.key, '-out', tls.certificate],
    ]);
  });
  afterAll(() => removeDirectory(folder));

  const apiserver = { name: 'kube-apiserver', port: 6443, tls };
  const certificate = [`--kubelet-client-certificate=${tls.certificate}`, `--kubelet-client-key=${tls.key}`];
  const ok: Health = { state: 'ok', said: '' };
  const unknown: Health = { state: 'unknown', said: '' };
  const bad: Health = { state: 'bad', said: 'HTTP 500 from https://127.0.0.1:6443/readyz' };

  test.each<[what: string, impostor: Omit<Impostor, 'name' | 'namespace' | 'port'>, Health]>([
    ['that is ready', { statuses: [200] }, ok],
    ['that is not', { statuses: [500], options: certificate }, bad],
    ['that answers nobody whom it does not know', { statuses: [401, 200], options: certificate }, ok],
    [
      'that is not ready, which it tells to whom it knows',
      { statuses: [401, 500], options: certificate },
      bad,
    ],
    ['that answers nobody, and has no certificate', { statuses: [401, 200] }, unknown],
    ['that knows nobody at all', { statuses: [403, 401], options: certificate }, unknown],
    [
      'whose options stand apart, with words that are none of ours',
      {
        statuses: [401, 200],
        options: [
          '--kubelet-client-certificate',
          tls.certificate,
          '--kubelet-client-key',
          `${tls.key}:$(id)`,
        ],
      },
      unknown,
    ],
  ])('%s', async (_, own, expected) => {
    await using space = await createNamespace();
    await using __ = await startImpostor({ ...apiserver, ...own, namespace: space.name });
    expect((await ask(space.name))?.apiserver).toEqual(expected);
  });

  test.each([
    [['--bind-address=127.0.0.7', '--secure-port', '16443'], '127.0.0.7', 'https://127.0.0.7:16443/readyz'],
    [['--bind-address', '::1', '--secure-port=16443'], '::1', 'https://[::1]:16443/readyz'],
    [['--bind-address=0.0.0.0', '--secure-port=16443'], '0.0.0.0', 'https://127.0.0.1:16443/readyz'],
  ])('is asked where it listens: %j', async (options, address, url) => {
    await using space = await createNamespace();
    const own = { ...apiserver, options, address, port: 16443, statuses: [503] as const };
    await using _ = await startImpostor({ ...own, namespace: space.name });
    expect((await ask(space.name))?.apiserver).toEqual({ state: 'bad', said: `HTTP 503 from ${url}` });
  });

  test('is asked by wget where there is no curl', async () => {
    for (const [status, state] of [
      [200, 'ok'],
      [500, 'bad'],
      [401, 'unknown'],
      [403, 'unknown'],
    ] as const) {
      await using space = await createNamespace();
      await using _ = await startImpostor({ ...apiserver, statuses: [status], namespace: space.name });
      const hide = 'mount --bind /dev/null "$(readlink -f "$(command -v curl)")" && exec sh -c "$1"';
      const { stdout } = await run('unshare', ['--mount', 'sh', '-c', hide, 'sh', healthScript], {
        namespace: space.name,
      });
      expect(parseHealth(stdout)?.apiserver.state).toBe(state);
    }
  });
});

test('where neither runs, there is nothing to ask', async () => {
  needRoot('a process namespace');
  const { stdout } = await run('unshare', ['--pid', '--fork', '--mount-proc', 'sh', '-c', healthScript]);
  expect(parseHealth(stdout)).toEqual({
    etcd: { state: 'absent', said: '' },
    apiserver: { state: 'absent', said: '' },
  });
});
