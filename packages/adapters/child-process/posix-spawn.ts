/**
 * Children by posix_spawn(3), on Linux. Node forks itself for each: its page tables are copied at once and its heap page by
 * page as it is written, a millisecond and more on the thread that everything else waits for. The C library lends the
 * child its memory until it is another program.
 */
import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { loadCLibrary } from '../system/index.ts';
import type { Child, Environment } from './child.ts';

/**
 * Null where it was not started: no C library to call, words that it would take otherwise than Node, or an error. Whoever
 * then asks Node has the program started after all, or the error in Node's words.
 */
export function posixSpawn(file: string, args: readonly string[], env: Environment): Child | null {
  if (calls === undefined) calls = loadCalls();
  const variables = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  // A word would end at its NUL; the program is looked for on the PATH of this process.
  const asNode =
    [file, ...args, ...variables].every((word) => !word.includes('\0')) && env.PATH === process.env.PATH;
  return calls !== null && asNode ? start(calls, file, args, variables) : null;
}

/** <fcntl.h>, <sys/wait.h>, <spawn.h>; the same numbers in glibc and musl on x86-64 and arm64. */
const O_CLOEXEC = 0o2000000;
const WNOHANG = 1;
const POSIX_SPAWN_SETSIGDEF = 0x04;
const POSIX_SPAWN_SETSIGMASK = 0x08;
const POSIX_SPAWN_SETSID = 0x80;

/** wait(2): no signal has this number. */
const UNKNOWN_SIGNAL = 0x7f;

/** Room for the C library's own types, more than any of them takes: sigset_t has 128 bytes, posix_spawnattr_t 336. */
const OPAQUE_BYTES = 512;

type Calls = NonNullable<ReturnType<typeof loadCalls>>;

let calls: Calls | null | undefined;

function loadCalls() {
  const library = loadCLibrary();
  // Other threads do not hear SIGCHLD.
  if (library === null || !isMainThread) return null;
  const { libc } = library;
  const attributes = Buffer.alloc(OPAQUE_BYTES);
  const signals = Buffer.alloc(OPAQUE_BYTES);
  libc.func('int posix_spawnattr_init(void *)')(attributes);
  // A session of its own; no signal blocked; none ignored, as SIGPIPE is by Node.
  const flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  libc.func('int posix_spawnattr_setflags(void *, short)')(attributes, flags);
  libc.func('int sigemptyset(void *)')(signals);
  libc.func('int posix_spawnattr_setsigmask(void *, void *)')(attributes, signals);
  libc.func('int sigfillset(void *)')(signals);
  libc.func('int posix_spawnattr_setsigdefault(void *, void *)')(attributes, signals);
  process.on('SIGCHLD', reapAll);
  return {
    attributes,
    pipe2: libc.func('int pipe2(void *fds, int flags)'),
    close: libc.func('int close(int fd)'),
    waitpid: libc.func('int waitpid(int pid, void *status, int options)'),
    initActions: libc.func('int posix_spawn_file_actions_init(void *)'),
    addDup2: libc.func('int posix_spawn_file_actions_adddup2(void *, int from, int to)'),
    destroyActions: libc.func('int posix_spawn_file_actions_destroy(void *)'),
    spawn: libc.func(
      'int posix_spawnp(void *pid, const char *file, void *actions, void *attributes, const char **argv, const char **envp)',
    ),
  };
}

/** Children that have not been waited for. */
const running = new Set<Spawned>();

/** While a child runs the process must not end; a listener for a signal does not hold it, a timer does. */
let holding: NodeJS.Timeout | undefined;
const HOLD_MS = 1_000;

function reapAll(): void {
  for (const child of running) child.reap();
  if (running.size > 0) return;
  clearInterval(holding);
  holding = undefined;
}

function start(
  calls: Calls,
  file: string,
  args: readonly string[],
  variables: readonly string[],
): Spawned | null {
  const pipes = openPipes(calls);
  if (pipes === null) return null;
  const actions = Buffer.alloc(OPAQUE_BYTES);
  calls.initActions(actions);
  for (const [stream, end] of pipes.child.entries()) calls.addDup2(actions, end, stream);
  const pid = new Int32Array(1);
  const argv = [file, ...args, null];
  const failed = calls.spawn(pid, file, actions, calls.attributes, argv, [...variables, null]) !== 0;
  calls.destroyActions(actions);
  for (const end of failed ? [...pipes.child, ...pipes.own] : pipes.child) calls.close(end);
  return failed ? null : new Spawned(calls, pid[0] ?? 0, pipes.own);
}

/** Ends of three pipes, in the order of the streams. */
interface Pipes {
  readonly child: readonly number[];
  readonly own: readonly number[];
}

/** Null: no more files may be open. */
function openPipes(calls: Calls): Pipes | null {
  const ends = new Int32Array(6);
  for (const at of [0, 2, 4]) {
    if (calls.pipe2(ends.subarray(at, at + 2), O_CLOEXEC) === 0) continue;
    for (const end of ends.subarray(0, at)) calls.close(end);
    return null;
  }
  // pipe(2): where to read, where to write.
  const [childIn = -1, ownIn = -1, ownOut = -1, childOut = -1, ownErr = -1, childErr = -1] = ends;
  return { child: [childIn, childOut, childErr], own: [ownIn, ownOut, ownErr] };
}

class Spawned extends EventEmitter implements Child {
  readonly pid: number;
  exitCode: number | null = null;
  signalCode: string | null = null;
  readonly stdin: Socket;
  readonly stdout: Socket;
  readonly stderr: Socket;
  readonly #calls: Calls;
  /** What is left until `close`: its end, and both streams of output. */
  #open = 3;

  constructor(calls: Calls, pid: number, [stdin = -1, stdout = -1, stderr = -1]: readonly number[]) {
    super();
    this.#calls = calls;
    this.pid = pid;
    this.stdin = new Socket({ fd: stdin, readable: false, writable: true });
    this.stdout = this.#output(stdout);
    this.stderr = this.#output(stderr);
    running.add(this);
    holding ??= setInterval(reapAll, HOLD_MS);
  }

  /** Looks whether it ended. */
  reap(): void {
    const status = new Int32Array(1);
    const ended = this.#calls.waitpid(this.pid, status, WNOHANG);
    if (ended === 0) return;
    running.delete(this);
    // wait(2): the signal in the low seven bits, the exit code above the lowest byte. Nobody else waits for our children.
    const [word = 0] = ended === this.pid ? status : [UNKNOWN_SIGNAL];
    const signal = word & UNKNOWN_SIGNAL;
    if (signal === 0) this.exitCode = (word >> 8) & 0xff;
    else this.signalCode = nameOf(signal);
    this.stdin.destroy();
    this.emit('exit', this.exitCode, this.signalCode);
    this.#closed();
  }

  #output(fd: number): Socket {
    const socket = new Socket({ fd, readable: true, writable: false });
    socket.once('close', () => this.#closed());
    return socket;
  }

  #closed(): void {
    this.#open--;
    if (this.#open === 0) this.emit('close', this.exitCode, this.signalCode);
  }
}

function nameOf(signal: number): string {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? `signal ${signal}`;
}
