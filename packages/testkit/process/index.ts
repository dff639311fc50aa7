import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** Name of a network namespace to run in, or the path of its file. */
  readonly namespace?: string | undefined;
}

/** Runs a program to its end. A program that cannot be started, or outlives its time, throws; an exit code does not. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program, argv] = insideNamespace(command, args, options.namespace);
  return new Promise((resolve, reject) => {
    execFile(
      program,
      argv,
      {
        env: { ...process.env, LC_ALL: 'C', ...options.env },
        cwd: options.cwd,
        timeout: options.timeoutMs ?? 60_000,
        killSignal: 'SIGKILL',
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const code = error ? error.code : 0;
        if (typeof code === 'number') resolve({ code, stdout, stderr });
        else
          reject(new Error(`${command} ${args.join(' ')}: ${error?.message}\n${stderr}`, { cause: error }));
      },
    );
  });
}

/** As `run`, but an exit code other than 0 throws with what the program said. Returns its standard output. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${result.code}: ${result.stderr || result.stdout}`,
    );
  }
  return result.stdout;
}

export interface LaunchOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly namespace?: string | undefined;
  /** Gives the child a channel for `process.send`. */
  readonly ipc?: boolean;
}

export interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Everything the process wrote so far, both streams in order of arrival. */
  log(): string;
  /** Exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  ended(): boolean;
  /** SIGTERM, and SIGKILL two seconds later. */
  stop(): Promise<void>;
}

/**
 * Starts a long-running program that can neither outlive this process nor set the machine's clock: the kernel kills it
 * when its parent thread dies (so also when a test run is killed with -9), and CAP_SYS_TIME is gone from its bounds.
 */
export function launch(command: string, args: readonly string[], options: LaunchOptions = {}): Running {
  const [program, argv] = insideNamespace(command, args, options.namespace);
  const guard = [
    '--pdeathsig',
    'KILL',
    ...(isRoot() ? ['--bounding-set', '-sys_time'] : []),
    '--',
    program,
    ...argv,
  ];
  const child = spawn('setpriv', guard, {
    env: { ...process.env, LC_ALL: 'C', ...options.env },
    cwd: options.cwd,
    stdio: options.ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    // As JSON, messages could hold no bigint.
    serialization: 'advanced',
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  }
  let over = false;
  const exited = new Promise<number | string>((resolve) => {
    child.on('error', (error) => {
      chunks.push(`${error.message}\n`);
      over = true;
      resolve('not started');
    });
    child.on('exit', (code, signal) => {
      over = true;
      resolve(code ?? signal ?? 'unknown');
    });
  });
  const stop = async (): Promise<void> => {
    if (over) return;
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 2_000);
    await exited;
    clearTimeout(hard);
  };
  return {
    pid: child.pid ?? -1,
    child,
    log: () => chunks.join(''),
    exited,
    ended: () => over,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function insideNamespace(
  command: string,
  args: readonly string[],
  namespace: string | undefined,
): [string, string[]] {
  if (namespace === undefined) return [command, [...args]];
  const path = namespace.startsWith('/') ? namespace : `/run/netns/${namespace}`;
  return ['nsenter', [`--net=${path}`, '--', command, ...args]];
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Throws, naming what is wanted, unless this process is root. */
export function needRoot(what: string): void {
  if (!isRoot()) throw new Error(`${what} needs root: run the tests as root (sudo npm test)`);
}

const PRIVATE_DIRECTORY = /^clockwarden-(\d+)-/;

/** Its owner may live in another PID namespace, where this process cannot see it: what is young is left alone. */
function isOld(directory: string): boolean {
  const facts = statSync(directory, { throwIfNoEntry: false });
  return facts !== undefined && Date.now() - facts.mtimeMs > SWEPT_AFTER_MS;
}

const SWEPT_AFTER_MS = 6 * 3_600_000;

/** A fresh directory of mode 0700 for this process; those of dead test processes are swept first. */
export function privateDirectory(label: string): string {
  const parent = tmpdir();
  for (const name of readdirSync(parent)) {
    const owner = PRIVATE_DIRECTORY.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)) && isOld(join(parent, name))) {
      removeDirectory(join(parent, name));
    }
  }
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, `clockwarden-${process.pid}-${label}-`));
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A port nobody listens on, from below the range that the kernel hands out for outgoing sockets. Someone may still take
 * it before its user does, so whoever starts a daemon on it must be ready to try another.
 */
export async function freePort(protocol: 'udp' | 'tcp', address = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    if (await (protocol === 'udp' ? udpIsFree(port, address) : tcpIsFree(port, address))) return port;
  }
  throw new Error(`no free ${protocol} port on ${address}`);
}

function udpIsFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
    socket.once('error', () => resolve(false));
    socket.bind({ port, address, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

function tcpIsFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
