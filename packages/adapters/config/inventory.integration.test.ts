/** Our reader against the real `ansible-inventory` of Debian 12 (ansible-core 2.14): same hosts, groups, connection. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadPolicy } from '@clockwarden/adapters/config';
import { type Unpacked, unpackDebian } from '@clockwarden/testkit/daemons';
import { run } from '@clockwarden/testkit/process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let ansible: Unpacked;
const folder = mkdtempSync(join(tmpdir(), 'clockwarden-inventory-'));

beforeAll(async () => {
  ansible = await unpackDebian(['ansible-core']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type HostVariables = Readonly<Record<string, unknown>>;

interface Listing {
  readonly _meta: { readonly hosts?: never; readonly hostvars: Readonly<Record<string, HostVariables>> };
  readonly [group: string]: { readonly hosts?: readonly string[] };
}

async function real(path: string): Promise<Readonly<Record<string, HostVariables>>> {
  const listed = await run('python3', [ansible.path('usr/bin/ansible-inventory'), '-i', path, '--list'], {
    env: { ...ansible.env, ANSIBLE_LOCAL_TEMP: folder, HOME: folder, LC_ALL: 'C.UTF-8' },
    timeoutMs: 60_000,
  });
  expect(listed.code, listed.stderr).toBe(0);
  const { _meta, ...groups } = JSON.parse(listed.stdout) as Listing;
  // Hosts without variables are listed only in their groups.
  const names = Object.values(groups).flatMap((group) => group.hosts ?? []);
  return Object.fromEntries(names.map((name) => [name, _meta.hostvars[name] ?? {}]));
}

/** What matters for a connection, from the variables that Ansible found. */
function connection(name: string, variables: HostVariables) {
  const last = (...names: readonly string[]) =>
    names.map((key) => variables[key]).findLast((value) => value !== undefined && value !== null);
  const port = last('ansible_port', 'ansible_ssh_port');
  return {
    name,
    address: String(last('ansible_host', 'ansible_ssh_host') ?? name),
    user: last('ansible_user', 'ansible_ssh_user'),
    port: port === undefined ? undefined : Number(port),
    key: last('ansible_private_key_file', 'ansible_ssh_private_key_file'),
  };
}

const inventories: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'ranges, ports, aliases and comments',
    {
      hosts: [
        'a:2222 ansible_user=root # of a',
        'node[01:03].x ansible_host="10.0.0.1"',
        'n[1:9:4]',
        'r[1:2]-[a:b]:7',
        'z[X:Z]',
        '[2001:db8::1]:22',
        "alias ansible_host='10.0.0.2' ansible_port=0x16",
        'sharp ansible_user=a#b',
        'oct ansible_user=0755 ansible_port="22"',
        'esc ansible_ssh_private_key_file=/a\\ b other="q\\"r"',
      ].join('\n'),
    },
  ],
  [
    'precedence of groups: depth, priority, name',
    {
      hosts: [
        '[b]\nh1\nh2\n[a]\nh1\nh2 ansible_user=own\n[c]\nh3',
        '[a:vars]\nansible_user=a\nansible_port=1\n[b:vars]\nansible_user=b\n[c:vars]\nansible_ssh_private_key_file = "/c c" # x',
        '[top:children]\nmid\nb\n[mid:children]\na\n[top:vars]\nansible_port=9\nansible_user=top',
        '[mid:vars]\nansible_port=8\nansible_ssh_private_key_file=/k\nansible_group_priority=5',
        '[all:vars]\nansible_user=all\nansible_port=77',
      ].join('\n'),
    },
  ],
  [
    'priority among equals',
    {
      hosts:
        '[x]\nh\n[y]\nh\n[x:vars]\nansible_user=x\nansible_group_priority=10\n[y:vars]\nansible_user=y\nansible_port=3',
    },
  ],
  [
    'values that look like Python',
    {
      hosts: [
        '[g]\nh',
        '[g:vars]',
        'ansible_user="quo\'ted"',
        "ansible_host='10.0.0.9' # trailing",
        'ansible_port=22 # trailing',
        'ansible_ssh_private_key_file=/k # kept',
      ].join('\n'),
    },
  ],
  [
    'group_vars and host_vars beside it',
    {
      hosts: '[g]\nh1\nh2 ansible_port=1\n[g:vars]\nansible_user=file\nansible_port=2\n[p:children]\ng',
      'group_vars/all.yml': 'ansible_user: gv-all\nansible_ssh_private_key_file: /all',
      'group_vars/g/10.yml': 'ansible_user: gv-g1',
      'group_vars/g/20.yaml': 'ansible_user: gv-g2',
      'group_vars/g/ignored.txt': 'ansible_user: no',
      'group_vars/p': 'ansible_port: 5',
      'host_vars/h2.yml': 'ansible_host: 10.0.0.2\nansible_port: 2022',
    },
  ],
  [
    'YAML: kubespray, ranges, anchors, YAML 1.1',
    {
      'hosts.yaml': [
        'x-none:',
        'all:',
        '  vars: &v {ansible_user: ops, ansible_port: 0x16}',
        '  hosts:',
        '    node[1:2]: {ansible_host: 10.0.0.1}',
        '    node3:',
        '    "n4:2200":',
        '  children:',
        '    kube_control_plane: {hosts: {node1: }}',
        '    kube_node:',
        '      hosts: {node2: {<<: *v, ansible_user: own}, node3: }',
        '      vars: {ansible_port: 2222}',
        '    k8s_cluster: {children: {kube_control_plane: , kube_node: }, vars: {ansible_user: k8s, ansible_port: 1}}',
        '    single: {hosts: node5}',
      ].join('\n'),
    },
  ],
];

describe('an inventory is read as Ansible reads it', () => {
  it.each(inventories)('%s', async (title, files) => {
    const base = join(folder, title.replace(/\W/g, '-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(base, name)), { recursive: true });
      writeFileSync(join(base, name), `${content}\n`);
    }
    const path = join(base, Object.keys(files)[0] ?? '');
    const wanted = Object.entries(await real(path))
      .map(([name, variables]) => connection(name, variables))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const policy = loadPolicy({ cwd: folder, inventoryPath: path });
    const found = policy.nodes
      .map(({ name, address, ssh }) => ({
        name,
        address,
        user: ssh.user,
        port: ssh.port,
        key: ssh.identityFile,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(found).toEqual(wanted);
    expect(found.length).toBeGreaterThan(0);
  });
});
