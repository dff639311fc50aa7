import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { readIniInventory } from './ini.ts';
import { resolveInventory } from './resolve.ts';
import { shellWords } from './words.ts';

const seeds = [
  '[etcd]\n192.168.1.1\n[kube_master]\n192.168.1.1 k8s_nodename=\'master-01\'\n[chrony]\n[all:vars]\nbin_dir="/opt/kube/bin"\n',
  "a[01:20:3]-[a:c]:22 ansible_host=10.0.0.1 ansible_port=0x16 # x\n[x:children]\ny\n[y]\nb\n[y:vars]\nansible_user = 'o'\n",
  '[2001:db8::1]:22 ansible_ssh_common_args=\'-o ProxyCommand="ssh -W %h:%p gw"\' ansible_connection=local\n',
];

export const fuzz: FuzzTarget = {
  name: 'inventory-ini',
  run: (input) => {
    const content = new TextDecoder().decode(input);
    for (const line of content.split('\n')) shellWords(line);
    const { nodes, problems } = resolveInventory(readIniInventory(content, 'hosts'));
    if (nodes.length > 100_001 || problems.length > 200) throw new Error('the inventory grows without bound');
  },
  seeds: () => seeds.map((seed) => new TextEncoder().encode(seed)),
};
