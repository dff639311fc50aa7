import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeDirectory } from '../node/power.ts';
import { stateDirectory } from '../paths.ts';
import type { LabNode } from './plan.ts';
import type { LabState } from './state.ts';

export interface AccessFiles {
  readonly inventory: string;
  readonly sshConfig: string;
  readonly knownHosts: string;
  readonly key: string;
}

export function accessFiles(name: string): AccessFiles {
  const directory = stateDirectory(name);
  return {
    inventory: join(directory, 'hosts'),
    sshConfig: join(directory, 'ssh_config'),
    knownHosts: join(directory, 'known_hosts'),
    key: join(directory, 'id_ed25519'),
  };
}

/** Writes the inventory, ssh_config and known_hosts that make the nodes reachable without a question asked. */
export async function writeAccessFiles(state: LabState): Promise<AccessFiles> {
  const files = accessFiles(state.name);
  const known: string[] = [];
  for (const node of state.nodes) {
    const key = await readFile(
      join(nodeDirectory(state.name, node.name), 'ssh_host_ed25519_key.pub'),
      'utf8',
    );
    known.push(`${node.name},${node.address} ${key.split(' ').slice(0, 2).join(' ')}`);
  }
  await writeFile(files.knownHosts, `${known.join('\n')}\n`);
  await writeFile(files.sshConfig, sshConfig(state.nodes, files));
  await writeFile(files.inventory, kubeaszInventory(state.nodes, files));
  return files;
}

export function sshConfig(nodes: readonly LabNode[], files: AccessFiles): string {
  const hosts = nodes.map((node) => `Host ${node.name} ${node.address}\n  HostName ${node.address}\n`);
  return `${hosts.join('\n')}
Host ${nodes.map((node) => `${node.name} ${node.address}`).join(' ')}
  User root
  IdentityFile ${files.key}
  IdentitiesOnly yes
  UserKnownHostsFile ${files.knownHosts}
  StrictHostKeyChecking yes
  # The default key exchange costs six times the processor time, and these nodes have little.
  KexAlgorithms curve25519-sha256
`;
}

/** A kubeasz `hosts` file: the groups that it knows, hosts by address, and its variable for the node's name. */
export function kubeaszInventory(nodes: readonly LabNode[], files: AccessFiles): string {
  const masters = nodes.filter((node) => node.role === 'control-plane');
  const workers = nodes.filter((node) => node.role === 'worker');
  // etcd wants an odd number of members.
  const members = masters.slice(0, masters.length - ((masters.length + 1) % 2));
  const named = (list: readonly LabNode[]): string[] =>
    list.map((node) => `${node.address} k8s_nodename='${node.name}'`);
  return [
    '# Written by the lab, in the layout of kubeasz.',
    '[etcd]',
    ...members.map((node) => node.address),
    '',
    '[kube_master]',
    ...named(masters),
    '',
    '[kube_node]',
    ...named(workers),
    '',
    '[harbor]',
    '',
    '[ex_lb]',
    '',
    '[chrony]',
    ...members.map((node) => node.address),
    '',
    '[all:vars]',
    'ansible_user=root',
    `ansible_ssh_private_key_file=${files.key}`,
    `ansible_ssh_common_args='-F ${files.sshConfig}'`,
    'SECURE_PORT="6443"',
    'CONTAINER_RUNTIME="containerd"',
    '',
  ].join('\n');
}
