import { existsSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stateDirectory } from '../paths.ts';
import { runOrFail } from '../process.ts';
import { type LabNode, network, type Upstream } from './plan.ts';

/**
 * The namespace is bound to a file of the lab's own state directory, not to /run/netns: so nothing of the machine is touched,
 * and two users' labs cannot meet.
 */
const fileOf = (name: string): string => join(stateDirectory(name), 'net');

/** The command line prefix that runs a program inside the lab's network namespace. */
export function inside(name: string): readonly [string, ...string[]] {
  return ['nsenter', `--net=${fileOf(name)}`, '--'];
}

/** The file alone is not it: the namespace is mounted on it, so it lies on another device than its directory. */
export function namespaceExists(name: string): boolean {
  const file = fileOf(name);
  return existsSync(file) && statSync(file).dev !== statSync(dirname(file)).dev;
}

/** The name that /proc/PID/ns/net shows for processes of this lab. */
function linkOf(name: string): string {
  return `net:[${statSync(fileOf(name)).ino}]`;
}

/** Is this very process inside the lab's network namespace? */
export function weAreInside(name: string): boolean {
  return namespaceExists(name) && readlinkSync('/proc/self/ns/net') === linkOf(name);
}

/** Makes the namespace with the two bridges, and a tap on each for every node. */
export async function createNamespace(
  name: string,
  nodes: readonly LabNode[],
  upstreams: readonly Upstream[],
): Promise<void> {
  await writeFile(fileOf(name), '', { flag: 'a' });
  await runOrFail('unshare', [`--net=${fileOf(name)}`, 'true']);
  const lines = [
    'link set lo up',
    'link add lab type bridge',
    'link add wire type bridge',
    ...[network.gateway, network.mirror, ...upstreams.map((one) => one.address)].map(
      (address) => `address add ${address}/24 dev lab`,
    ),
    `address add ${network.wireGateway}/24 dev wire`,
    'link set lab up',
    'link set wire up',
  ];
  for (const node of nodes) {
    for (const [tap, bridge] of [
      [tapOf(node), 'lab'],
      [wireTapOf(node), 'wire'],
    ]) {
      lines.push(`tuntap add ${tap} mode tap`, `link set ${tap} master ${bridge}`, `link set ${tap} up`);
    }
  }
  const [enter, ...where] = inside(name);
  await runOrFail(enter, [...where, 'ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

export const tapOf = (node: LabNode): string => `n${node.index}`;
export const wireTapOf = (node: LabNode): string => `w${node.index}`;

/** Every process in the namespace: this is how a lab finds what it started, whoever was killed in between. */
export function processesOf(name: string): number[] {
  if (!namespaceExists(name)) return [];
  const link = linkOf(name);
  return processIds().filter((pid) => pid !== process.pid && namespaceOfProcess(pid) === link);
}

export function processIds(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Undefined for a process that is gone, or a zombie, which has no namespace any more. */
function namespaceOfProcess(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** The arguments of a process; empty once it is gone. */
export async function argumentsOf(pid: number): Promise<string[]> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0');
}

export async function removeNamespace(name: string): Promise<void> {
  // More than one may lie there after an interrupted start.
  while (namespaceExists(name)) await runOrFail('umount', [fileOf(name)]);
}
