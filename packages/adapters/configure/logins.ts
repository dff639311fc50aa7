/** Logins shared by everything that one command does on its nodes: one key exchange a node. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { SshConfig } from '@clockwarden/core/policy';
import { loginFor, Slots } from '../ssh/index.ts';
import { endMasters } from './masters.ts';

export interface NodeLogins {
  /** For whatever else logs in to these nodes during the command (the ssh source): it goes over the same connection. */
  readonly config: SshConfig;
  /** Held in memory, and written to a node's sudo when that asks. */
  readonly sudoPassword: string | undefined;
  readonly slots: Slots;
  /** Null: the node's address is no name for ssh. */
  open(node: NodeSpec): SharedLogin | null;
  /** Ends the connections. Never rejects. */
  close(): Promise<void>;
}

export interface SharedLogin {
  readonly login: NonNullable<ReturnType<typeof loginFor>>;
  /** Arguments of ssh for a session over the shared connection, which the first session makes. */
  readonly args: readonly string[];
  /** What ssh said about its side of the sessions so far. */
  readonly log: () => string;
}

/** A login that has heard no server by then gives its place to the next. */
const SILENT_AFTER_MS = 1_000;

/** An operator that was killed ends no connection; it ends by itself. */
const IDLE_SECONDS = 60;

/** A node whose power was cut closes no connection; after eight of these in vain ssh does. */
const ALIVE_SECONDS = 15;

/** A socket's name has 104 to 108 bytes in all, of which ssh appends 18 for a moment. */
const MAX_DIRECTORY_LENGTH = 40;

const sharing: readonly string[] = [
  'ControlMaster=auto',
  `ControlPersist=${IDLE_SECONDS}`,
  `ServerAliveInterval=${ALIVE_SECONDS}`,
  'ServerAliveCountMax=8',
].flatMap((option) => ['-o', option]);

export function openLogins(config: SshConfig, options: { readonly sudoPassword?: string } = {}): NodeLogins {
  const base = tmpdir();
  // mkdtemp makes it 0700: who can open the socket is in.
  const directory = mkdtempSync(join(base.length > MAX_DIRECTORY_LENGTH ? '/tmp' : base, 'cw-'));
  const path = ['-o', `ControlPath=${directory}/%C`];
  const shared: SshConfig = { ...config, extraArguments: [...path, ...config.extraArguments] };
  const opened = new Map<string, SharedLogin>();
  const open = (node: NodeSpec): SharedLogin | null => {
    const login = loginFor(node, shared);
    if (login === null) return null;
    const key = login.args.join('\0');
    const log = join(directory, `${opened.size}.log`);
    const known = opened.get(key) ?? {
      login,
      // ssh takes the first value that it meets. Its own words go to a file: a connection that outlives its first
      // session would keep that session's stderr open.
      args: ['-E', log, ...sharing, ...login.args],
      log: () => readOr(log, ''),
    };
    opened.set(key, known);
    return known;
  };
  return {
    config: shared,
    sudoPassword: options.sudoPassword,
    slots: new Slots({
      limit: config.concurrency,
      patienceMs: SILENT_AFTER_MS,
      most: config.concurrency * 4,
    }),
    open,
    close: async () => {
      await endMasters(directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function readOr(path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return fallback;
  }
}
