/** Runs a program so that it can neither wait for ever, nor flood memory, nor outlive the one who asked. */
import { type Child, type Environment, startChild } from './child.ts';

export interface ProgramOptions {
  /** Time from the start to the kill, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Both streams together; beyond it the program is killed. 1 MiB by default. */
  readonly maxOutputBytes?: number;
  readonly env?: Environment;
  /** Called in the event loop's turn in which the bytes arrive, so that they can be stamped. */
  readonly onStdout?: (bytes: Uint8Array) => void;
  readonly onStderr?: (bytes: Uint8Array) => void;
}

/** How it ended; whatever it wrote until then is there in each case, decoded as UTF-8 with replacement characters. */
export type ProgramEnd = { readonly stdout: string; readonly stderr: string } & (
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: string }
  /** `reason` is the system's error name, as ENOENT (no such program), EACCES, EAGAIN. */
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'too-much-output' }
);

type Cause =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: string }
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'timed-out' | 'aborted' | 'too-much-output' };

export interface RunningProgram {
  /** Text for its standard input; lost silently when the program is gone. */
  write(text: string): void;
  endInput(): void;
  /** SIGKILL for the whole process group; `ended` then says `signaled`. */
  kill(): void;
  /** Never rejects. */
  readonly ended: Promise<ProgramEnd>;
}

const DEFAULT_OUTPUT_LIMIT = 1024 * 1024;

/** After its exit a program's pipes may be held open by something it left behind; it gets this long to let go. */
const LINGER_MS = 1_000;

/**
 * Starts `file` (no shell) in a session of its own: no controlling terminal, so nothing below it can ask a person for a
 * password, and a process group that one signal ends.
 */
export function startProgram(file: string, args: readonly string[], options: ProgramOptions): RunningProgram {
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[], bytes: 0 };
  const limit = options.maxOutputBytes ?? DEFAULT_OUTPUT_LIMIT;
  if (options.signal?.aborted) return neverStarted({ kind: 'aborted' });
  let child: Child;
  try {
    child = startChild(file, args, options.env ?? process.env);
  } catch (error) {
    return neverStarted({ kind: 'not-started', reason: errorName(error) });
  }
  let cause: Cause | undefined;
  const stop = (why: Cause): void => {
    cause ??= why;
    killGroup(child);
  };
  const receive = (name: 'stdout' | 'stderr', tell: ((bytes: Uint8Array) => void) | undefined) => {
    child[name].on('data', (bytes: Uint8Array) => {
      if (cause?.kind === 'too-much-output') return;
      tell?.(bytes);
      output[name].push(bytes);
      output.bytes += bytes.length;
      if (output.bytes > limit) stop({ kind: 'too-much-output' });
    });
    child[name].on('error', ignore);
  };
  receive('stdout', options.onStdout);
  receive('stderr', options.onStderr);
  child.stdin.on('error', ignore);

  const ended = new Promise<ProgramEnd>((resolve) => {
    const timer = setTimeout(() => stop({ kind: 'timed-out' }), options.timeoutMs);
    const abort = (): void => stop({ kind: 'aborted' });
    options.signal?.addEventListener('abort', abort, { once: true });
    let linger: NodeJS.Timeout | undefined;
    const finish = (how: Cause): void => {
      clearTimeout(timer);
      clearTimeout(linger);
      options.signal?.removeEventListener('abort', abort);
      resolve({ ...(cause ?? how), stdout: decode(output.stdout), stderr: decode(output.stderr) });
    };
    child.once('error', (error) => {
      if (child.pid === undefined) finish({ kind: 'not-started', reason: errorName(error) });
    });
    child.once('exit', (code, signal) => {
      const how = endOf(code, signal);
      child.once('close', () => finish(how));
      linger = setTimeout(() => {
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      }, LINGER_MS);
    });
  });
  return {
    write: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    kill: () => stop({ kind: 'signaled', signal: 'SIGKILL' }),
    ended,
  };
}

/** Runs `file` to its end with `input` as its whole standard input. Never rejects. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions & { readonly input?: string },
): Promise<ProgramEnd> {
  const program = startProgram(file, args, options);
  if (options.input !== undefined) program.write(options.input);
  program.endInput();
  return program.ended;
}

function endOf(code: number | null, signal: string | null): Cause {
  return code === null ? { kind: 'signaled', signal: signal ?? 'unknown' } : { kind: 'exited', code };
}

/** The group is led by the child, which `detached` put into a session of its own. */
function killGroup(child: Child): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended meanwhile.
  }
}

function neverStarted(how: Cause): RunningProgram {
  return {
    write: ignore,
    endInput: ignore,
    kill: ignore,
    ended: Promise.resolve({ ...how, stdout: '', stderr: '' }),
  };
}

function ignore(): void {}

function errorName(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function decode(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
