import { type Etcd, startEtcd } from '@clockwarden/testkit/daemons';
import { createNamespace } from '@clockwarden/testkit/namespace';
import { launch, needRoot, type Running, run } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { expect, test } from 'vitest';
import { parseHealth } from './health.ts';
import { healthScript } from './health-script.ts';

/** A process of that name which answers every request on 127.0.0.1:2381 with that status. */
const impostor = `
process.title = process.argv[1];
require('node:http')
  .createServer((_, response) => response.writeHead(Number(process.argv[2])).end())
  .listen(2381, '127.0.0.1', () => console.log('listening'));`;

function startImpostor(name: string, status: number, namespace: string): Running {
  return launch(process.execPath, ['-e', impostor, name, String(status)], { namespace });
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
  await using etcd = startImpostor('etcd', status, space.name);
  await waitFor(() => etcd.log().includes('listening'), { what: 'the impostor' });
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

test('where neither runs, there is nothing to ask', async () => {
  needRoot('a process namespace');
  const { stdout } = await run('unshare', ['--pid', '--fork', '--mount-proc', 'sh', '-c', healthScript]);
  expect(parseHealth(stdout)).toEqual({
    etcd: { state: 'absent', said: '' },
    apiserver: { state: 'absent', said: '' },
  });
});
