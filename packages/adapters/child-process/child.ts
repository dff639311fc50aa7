/** A child process in a session of its own, with a pipe for each of its three streams. */
import { spawn } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { posixSpawn } from './posix-spawn.ts';

/**
 * The part of Node's ChildProcess that is used here. Events: `error` (it was not started; the error's `code` is the
 * system's name), `exit` (it ended), `close` (it ended, both outputs were read, and nobody holds
 * them any more).
 */
export interface Child extends EventEmitter {
  /** Undefined when it was not started. */
  readonly pid?: number | undefined;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws, as Node's spawn does, for words that no program can be given. */
export function startChild(file: string, args: readonly string[], env: Environment): Child {
  return posixSpawn(file, args, env) ?? nodeSpawn(file, args, env);
}

/** Node's own way, which works everywhere. */
export function nodeSpawn(file: string, args: readonly string[], env: Environment): Child {
  return spawn(file, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'], env: { ...env } });
}
