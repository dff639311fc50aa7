import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, privateDirectory, removeDirectory, runOrThrow } from '../process/index.ts';
import { type Daemon, untilReady } from './daemon.ts';
import { unpackDebian } from './unpack.ts';

export interface EtcdOptions {
  /** Ports of etcd's own choice, so it wants a namespace of its own. */
  readonly namespace: string;
  /** As kubeadm sets it up: health in the clear on 127.0.0.1:2381. Without it only who has the certificate may ask. */
  readonly metrics: boolean;
  /** A second member that never starts: there is no leader. */
  readonly alone?: boolean;
}

export interface Etcd extends Daemon {
  /** It stands for the authority, the server and the client: PEM files. */
  readonly certificate: string;
  readonly key: string;
}

/** A real etcd behind TLS that demands a client certificate, as every installer of Kubernetes sets it up. */
export async function startEtcd({ namespace, metrics, alone = false }: EtcdOptions): Promise<Etcd> {
  const { env, path } = await unpackDebian(['etcd-server']);
  const directory = privateDirectory('etcd');
  const [certificate, key] = [join(directory, 'etcd.pem'), join(directory, 'etcd-key.pem')];
  const subject = ['-subj', '/CN=etcd', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '7'];
  await runOrThrow('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...[...subject, '-keyout', key, '-out', certificate],
  ]);
  const peer = 'http://127.0.0.1:2380';
  const config = {
    name: 'one',
    'data-dir': join(directory, 'data'),
    'listen-client-urls': 'https://127.0.0.1:2379',
    'advertise-client-urls': 'https://127.0.0.1:2379',
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': alone ? `one=${peer},two=http://127.0.0.1:2390` : `one=${peer}`,
    ...(metrics && { 'listen-metrics-urls': 'http://127.0.0.1:2381' }),
    'client-transport-security': {
      'cert-file': certificate,
      'key-file': key,
      'client-cert-auth': true,
      'trusted-ca-file': certificate,
    },
  };
  // JSON is YAML.
  writeFileSync(join(directory, 'etcd.yaml'), JSON.stringify(config));
  const running = launch(path('usr/bin/etcd'), ['--config-file', join(directory, 'etcd.yaml')], {
    env,
    namespace,
  });
  const stop = async (): Promise<void> => {
    await running.stop();
    removeDirectory(directory);
  };
  const began = alone ? /became candidate/ : /became leader/;
  try {
    await untilReady({
      running,
      what: 'etcd',
      ready: async () => began.test(running.log()) || undefined,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const { pid, log } = running;
  return {
    ...{ pid, log, stop, namespace, certificate, key, address: '127.0.0.1', port: 2379 },
    [Symbol.asyncDispose]: stop,
  };
}
