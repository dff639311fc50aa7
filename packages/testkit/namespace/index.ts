import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import koffi from 'koffi';
import { isAlive, needRoot, run, runOrThrow } from '../process/index.ts';

const DIRECTORY = '/run/netns';
/** cw<pid>x<thread>x<number>: the pid tells whose it was when it is found later. */
const OURS = /^cw(\d+)x\d+x\d+$/;
let made = 0;

export interface Namespace extends AsyncDisposable {
  readonly name: string;
  remove(): Promise<void>;
}

/** A network namespace with loopback up (127.0.0.0/8 and ::1), so every port, 123 and 323 too, is free in it. */
export async function createNamespace(): Promise<Namespace> {
  needRoot('A network namespace');
  if (made === 0) await sweepNamespaces();
  const name = `cw${process.pid}x${threadId}x${++made}`;
  await runOrThrow('ip', ['netns', 'add', name]);
  const remove = async (): Promise<void> => {
    await run('ip', ['netns', 'delete', name]);
  };
  try {
    await runOrThrow('ip', ['-netns', name, 'link', 'set', 'lo', 'up']);
  } catch (error) {
    await remove();
    throw error;
  }
  return { name, remove, [Symbol.asyncDispose]: remove };
}

export interface NetworkHost {
  readonly namespace: string;
  readonly address: string;
  readonly address6: string;
}

export interface Network<Name extends string> extends AsyncDisposable {
  readonly hosts: Readonly<Record<Name, NetworkHost>>;
  remove(): Promise<void>;
}

/** Hosts, each in a namespace of its own (10.83.0.N/24, fd83::N/64), joined by a bridge in one more namespace. */
export async function createNetwork<Name extends string>(names: readonly Name[]): Promise<Network<Name>> {
  const made: Namespace[] = [];
  const remove = async (): Promise<void> => {
    for (const namespace of made) await namespace.remove();
  };
  try {
    const middle = await createNamespace();
    made.push(middle);
    await runOrThrow('ip', ['-netns', middle.name, 'link', 'add', 'br0', 'type', 'bridge']);
    await runOrThrow('ip', ['-netns', middle.name, 'link', 'set', 'br0', 'up']);
    const hosts: Partial<Record<Name, NetworkHost>> = {};
    for (const [index, name] of names.entries()) {
      const host = await createNamespace();
      made.push(host);
      hosts[name] = await plug(host.name, middle.name, index + 1);
    }
    return { hosts: hosts as Record<Name, NetworkHost>, remove, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function plug(host: string, middle: string, number: number): Promise<NetworkHost> {
  const address = `10.83.0.${number}`;
  const address6 = `fd83::${number.toString(16)}`;
  const port = `v${number}`;
  const inMiddle = (...args: string[]) => runOrThrow('ip', ['-netns', middle, ...args]);
  const inHost = (...args: string[]) => runOrThrow('ip', ['-netns', host, ...args]);
  await inMiddle('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host);
  await inMiddle('link', 'set', port, 'master', 'br0', 'up');
  await inHost('address', 'add', `${address}/24`, 'dev', 'eth0');
  // Without nodad the address stays tentative, hence unusable, for a second or two.
  await inHost('address', 'add', `${address6}/64`, 'dev', 'eth0', 'nodad');
  await inHost('link', 'set', 'eth0', 'up');
  return { namespace: host, address, address6 };
}

/** Removes namespaces whose test process is dead. */
export async function sweepNamespaces(): Promise<void> {
  if (!existsSync(DIRECTORY)) return;
  for (const name of readdirSync(DIRECTORY)) {
    const owner = OURS.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) await run('ip', ['netns', 'delete', name]);
  }
}

const CLONE_NEWNET = 0x4000_0000;

let home: string | undefined;

/** The file of the network namespace this thread came from, while it is in another one. */
export function homeNamespace(): string | undefined {
  return home;
}

/**
 * Moves this thread into the namespace: sockets opened and processes started from now on live there, those open already
 * stay where they were. Returns the way back. For a test file of its own, since the whole thread is moved.
 */
export function enterNamespace(name: string): () => void {
  needRoot('Entering a network namespace');
  const setns = koffi.load('libc.so.6').func('int setns(int fd, int nstype)');
  const cameFrom = openSync('/proc/thread-self/ns/net', 'r');
  const there = openSync(`${DIRECTORY}/${name}`, 'r');
  const moved = setns(there, CLONE_NEWNET);
  closeSync(there);
  if (moved !== 0) {
    closeSync(cameFrom);
    throw new Error(`cannot enter the network namespace ${name}`);
  }
  const outer = home;
  home ??= `/proc/${process.pid}/fd/${cameFrom}`;
  return () => {
    setns(cameFrom, CLONE_NEWNET);
    closeSync(cameFrom);
    home = outer;
  };
}
