import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  launch,
  needRoot,
  privateDirectory,
  type RunResult,
  removeDirectory,
  run,
} from '../process/index.ts';
import type { OneShot } from './chrony.ts';
import { type Daemon, untilReady } from './daemon.ts';
import { type Unpacked, unpackDebian } from './unpack.ts';

/** ntpsec with its Python tools, for which the machine must have python3. */
async function unpackNtpsec(): Promise<Unpacked> {
  const unpacked = await unpackDebian(['ntpsec', 'ntpsec-ntpdate', 'ntpsec-ntpdig']);
  // The tools look for their C library beside the Python module and at its installed path, nowhere else.
  const module = unpacked.path('usr/lib/python3/dist-packages/ntp');
  if (!existsSync(join(module, 'libntpc.so'))) {
    const triplet = readdirSync(unpacked.path('usr/lib')).find((name) => name.includes('-linux-gnu'));
    try {
      symlinkSync(unpacked.path(`usr/lib/${triplet}/ntp/libntpc.so`), join(module, 'libntpc.so'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return unpacked;
}

export interface NtpdOptions {
  /** ntpsec knows no port but 123, so it always lives in a namespace. */
  readonly namespace: string;
  /** Lines of ntp.conf, e.g. `server 10.83.0.1 iburst`, `refclock local unit 0`. */
  readonly config?: readonly string[];
}

/** A real ntpd of ntpsec. It may not set the clock: its loop is open and CAP_SYS_TIME is out of its reach. */
export async function startNtpd({ namespace, config = [] }: NtpdOptions): Promise<Daemon> {
  needRoot('ntpd');
  const { env, path } = await unpackNtpsec();
  const directory = privateDirectory('ntpd');
  const file = join(directory, 'ntp.conf');
  const logFile = join(directory, 'ntp.log');
  const lines = [
    'disable ntp',
    'disable kernel',
    // Built in are a rate limit and no answer to ntpq.
    'unrestrict -4 default limited kod noquery',
    'unrestrict -6 default limited kod noquery',
    `driftfile ${join(directory, 'drift')}`,
    ...config,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const args = ['-n', '-g', '-c', file, '-l', logFile, '-p', join(directory, 'pid')];
  const running = launch(path('usr/sbin/ntpd'), args, { env, namespace });
  const log = (): string => running.log() + (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  let last = '';
  const stop = async (): Promise<void> => {
    await running.stop();
    last ||= log();
    removeDirectory(directory);
  };
  try {
    await untilReady({
      running: { ...running, log },
      what: 'ntpd',
      ready: async () => {
        const answer = await ntpq(['-c', 'rv 0 leap', '127.0.0.1'], namespace);
        return answer.stdout.includes('leap=') ? answer : undefined;
      },
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: running.pid,
    address: '127.0.0.1',
    port: 123,
    namespace,
    log: () => last || log(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The real ntpq; its last arguments name the host. */
export async function ntpq(args: readonly string[], namespace: string): Promise<RunResult> {
  const { env, path } = await unpackNtpsec();
  return run(path('usr/bin/ntpq'), args, { env, namespace, timeoutMs: 20_000 });
}

/** `ntpdate -q` (ntpsec's, which can ask port 123 only). */
export async function ntpdate(server: string, namespace?: string): Promise<OneShot> {
  const { env, path, roots } = await unpackNtpsec();
  const PATH = [...roots.map((root) => join(root, 'usr/bin')), process.env.PATH].join(delimiter);
  const started = performance.now();
  const result = await run(path('usr/sbin/ntpdate'), ['-q', server], { env: { ...env, PATH }, namespace });
  const found = /([-+][\d.]+) \+\/- [\d.]+/.exec(result.stdout)?.[1];
  return {
    ...result,
    elapsedMs: performance.now() - started,
    offsetSeconds: found === undefined ? undefined : Number(found),
  };
}
