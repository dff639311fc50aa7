import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  launch,
  needRoot,
  privateDirectory,
  type RunResult,
  removeDirectory,
  run,
} from '../process/index.ts';
import { type Daemon, untilReady, withRetries } from './daemon.ts';
import { unpackDebian } from './unpack.ts';

export interface ChronydOptions {
  /** Lines of chrony.conf, e.g. `server 127.0.0.1 port 11123 iburst minpoll -2`, `local stratum 3`, `allow`. */
  readonly config?: readonly string[];
  /** Loopback by default. */
  readonly address?: string;
  /** NTP port: 0 serves nobody; by default 123 in a namespace, otherwise a free one. */
  readonly port?: number;
  /** Port of the command protocol: by default 323 in a namespace, otherwise a free one. */
  readonly cmdPort?: number;
  readonly namespace?: string | undefined;
}

export interface Chronyd extends Daemon {
  readonly cmdPort: number;
  /** The Unix socket through which `chronyc` may do everything. */
  readonly socket: string;
  /** Its private directory: configuration, drift file, key file. */
  readonly directory: string;
}

/** A real chronyd with `-x`, so it disciplines a clock of its imagination and never the machine's. */
export async function startChronyd(options: ChronydOptions = {}): Promise<Chronyd> {
  needRoot('chronyd');
  const { env, path } = await unpackDebian(['chrony']);
  const attempts = options.port === undefined || options.cmdPort === undefined ? 5 : 1;
  return withRetries(attempts, async () => {
    const { address = '127.0.0.1', namespace } = options;
    const port = options.port ?? (namespace === undefined ? await freePort('udp', address) : 123);
    const cmdPort = options.cmdPort ?? (namespace === undefined ? await freePort('udp', address) : 323);
    const directory = privateDirectory('chronyd');
    const socket = join(directory, 'chronyd.sock');
    const file = join(directory, 'chrony.conf');
    writeFileSync(
      file,
      `${[
        `port ${port}`,
        `cmdport ${cmdPort}`,
        `bindaddress ${address}`,
        `bindcmdaddress ${address}`,
        `bindcmdaddress ${socket}`,
        `pidfile ${join(directory, 'chronyd.pid')}`,
        `driftfile ${join(directory, 'drift')}`,
        'user root',
        ...(options.config ?? []).map((line) => (line === 'allow' ? allowFamily(address) : line)),
      ].join('\n')}\n`,
    );
    // Its own IPC namespace, since a `refclock SHM` would share its segment with the machine's time daemon.
    const running = launch('unshare', ['--ipc', '--', path('usr/sbin/chronyd'), '-x', '-d', '-f', file], {
      env,
      namespace,
    });
    const stop = async (): Promise<void> => {
      await running.stop();
      removeDirectory(directory);
    };
    try {
      await untilReady({
        running,
        what: 'chronyd',
        ready: async () => {
          const answer = await chronyc(['-c', 'tracking'], { socket });
          // A port in use makes chronyd go on with the sockets it could open.
          if (/Could not (open|bind)/.test(running.log())) throw new Error(running.log());
          return answer.code === 0 ? answer : undefined;
        },
      });
    } catch (error) {
      await stop();
      throw error;
    }
    const { pid, log } = running;
    return {
      pid,
      log,
      stop,
      address,
      port,
      cmdPort,
      socket,
      directory,
      namespace,
      [Symbol.asyncDispose]: stop,
    };
  });
}

/** A bare `allow` would also open the other family's port, on every address. */
function allowFamily(address: string): string {
  return address.includes(':') ? 'allow ::/0' : 'allow 0.0.0.0/0';
}

/** Runs the real chronyc against a daemon, over its Unix socket unless `udp` is asked for. */
export async function chronyc(
  args: readonly string[],
  daemon: Pick<Chronyd, 'socket'> | Pick<Chronyd, 'address' | 'cmdPort' | 'namespace'>,
): Promise<RunResult> {
  const { env, path } = await unpackDebian(['chrony']);
  const overUnix = 'socket' in daemon;
  const where = overUnix ? ['-h', daemon.socket] : ['-h', daemon.address, '-p', String(daemon.cmdPort)];
  // Without either, chronyc asks the resolver for the name of every address.
  const names = args.includes('-N') ? [] : ['-n'];
  const namespace = overUnix ? undefined : daemon.namespace;
  return run(path('usr/bin/chronyc'), [...where, ...names, ...args], { env, namespace });
}

export interface OneShot extends RunResult {
  readonly elapsedMs: number;
  /** What it found, positive = the server is ahead of this machine; undefined when it found nothing. */
  readonly offsetSeconds: number | undefined;
}

/** `chronyd -Q`: measures, prints, sets nothing. `source` is a configuration line such as `server ::1 iburst`. */
export async function chronydQuery(
  source: string,
  {
    namespace,
    timeoutSeconds = 20,
  }: { readonly namespace?: string | undefined; readonly timeoutSeconds?: number } = {},
): Promise<OneShot> {
  const { env, path } = await unpackDebian(['chrony']);
  const directory = privateDirectory('chronyd-query');
  const settings = ['user root', `pidfile ${join(directory, 'pid')}`, source];
  const started = performance.now();
  try {
    const args = ['-Q', '-t', String(timeoutSeconds), ...settings];
    const timeoutMs = (timeoutSeconds + 10) * 1000;
    const result = await run(path('usr/sbin/chronyd'), args, { env, namespace, timeoutMs });
    const found = /System clock wrong by (-?[\d.]+) seconds/.exec(result.stdout + result.stderr)?.[1];
    // chronyd prints the correction that the clock needs, which is the server's lead.
    const offsetSeconds = found === undefined ? undefined : Number(found);
    return { ...result, elapsedMs: performance.now() - started, offsetSeconds };
  } finally {
    removeDirectory(directory);
  }
}
