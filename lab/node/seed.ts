import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LabNode, network, type Upstream } from '../cluster/plan.ts';
import { flavourNamed, type NodeFile } from '../flavours/index.ts';
import { runOrFail } from '../process.ts';

export interface SeedOptions {
  /** Directory for the node's keys; they stay on the host, too, for known_hosts. */
  readonly directory: string;
  readonly authorizedKey: string;
  readonly upstreams: readonly Upstream[];
  /** Make the node's time daemon follow the lab's upstream servers. */
  readonly follow: boolean;
  readonly exporter: boolean;
}

/** The files that make a node itself: name, keys, addresses, zone, and what its daemon follows. */
export async function seedOf(node: LabNode, options: SeedOptions): Promise<NodeFile[]> {
  const key = join(options.directory, 'ssh_host_ed25519_key');
  await runOrFail('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', node.name, '-f', key]);
  const files: NodeFile[] = [
    { path: '/etc/hostname', content: `${node.name}\n` },
    { path: '/etc/hosts', content: `127.0.0.1 localhost\n${node.address} ${node.name}\n` },
    { path: '/etc/machine-id', content: `${randomBytes(16).toString('hex')}\n`, mode: 0o444 },
    { path: '/etc/resolv.conf', content: `nameserver ${network.gateway}\nsearch lab\n` },
    { path: '/etc/timezone', content: `${node.timezone}\n` },
    { path: '/etc/localtime', link: `/usr/share/zoneinfo/${node.timezone}` },
    { path: '/etc/ssh/ssh_host_ed25519_key', content: await readFile(key, 'utf8'), mode: 0o600 },
    { path: '/etc/ssh/ssh_host_ed25519_key.pub', content: await readFile(`${key}.pub`, 'utf8') },
    { path: '/root/.ssh/authorized_keys', content: options.authorizedKey, mode: 0o600 },
    {
      path: '/etc/lab/node.env',
      content: `LAB_ADDRESS=${node.address}\nLAB_GATEWAY=${network.gateway}\nLAB_WIRE=${node.wire}\n`,
    },
  ];
  if (options.follow) {
    const servers = options.upstreams.map((upstream) => upstream.address);
    files.push(...flavourNamed(node.flavour).follow(servers));
  }
  if (options.exporter) {
    files.push({
      path: '/etc/systemd/system/multi-user.target.wants/prometheus-node-exporter.service',
      link: '/lib/systemd/system/prometheus-node-exporter.service',
    });
  }
  return files;
}
