import { existsSync, readlinkSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { namespaceOf } from '../paths.ts';
import { run, runOrFail } from '../process.ts';
import { type LabNode, network, type Upstream } from './plan.ts';

const fileOf = (name: string): string => `/run/netns/${namespaceOf(name)}`;

/** The command line prefix that runs a program inside the lab's network namespace. */
export function inside(name: string): readonly [string, ...string[]] {
  return ['nsenter', `--net=${fileOf(name)}`, '--'];
}

export function namespaceExists(name: string): boolean {
  return existsSync(fileOf(name));
}

/** Is this very process inside the lab's network namespace? */
export function weAreInside(name: string): boolean {
  const ours = readlinkSync('/proc/self/ns/net');
  return namespaceExists(name) && ours === `net:[${statSync(fileOf(name)).ino}]`;
}

/** Makes the namespace with the two bridges, and a tap on each for every node. */
export async function createNamespace(
  name: string,
  nodes: readonly LabNode[],
  upstreams: readonly Upstream[],
): Promise<void> {
  const namespace = namespaceOf(name);
  await runOrFail('ip', ['netns', 'add', namespace]);
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
  await runOrFail('ip', ['-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

export const tapOf = (node: LabNode): string => `n${node.index}`;
export const wireTapOf = (node: LabNode): string => `w${node.index}`;

/** Every process in the namespace: this is how a lab finds what it started, whoever was killed in between. */
export async function processesOf(name: string): Promise<number[]> {
  if (!namespaceExists(name)) return [];
  const listed = await run('ip', ['netns', 'pids', namespaceOf(name)]);
  return listed.stdout
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid);
}

/** The arguments of a process; empty once it is gone. */
export async function argumentsOf(pid: number): Promise<string[]> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0');
}

export async function removeNamespace(name: string): Promise<void> {
  if (namespaceExists(name)) await runOrFail('ip', ['netns', 'delete', namespaceOf(name)]);
}
