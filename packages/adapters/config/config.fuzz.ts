import { OperatorError } from '@clockwarden/core/errors';
import { readYamlInventory, resolveInventory } from '@clockwarden/core/inventory';
import { lintRules } from '@clockwarden/core/lint';
import type { FuzzTarget } from '@clockwarden/testkit/fuzz';
import { readYaml } from './document.ts';
import { checkConfig } from './load.ts';
import { lintRulesFile, readRulesFile } from './rules-file.ts';
import { treeOf } from './tree.ts';

const configs = [
  'name: a\nnodes:\n  - 10.0.0.1\n  - cp-1=10.0.0.2\n  - {name: c, roles: [control-plane], ssh: {user: ops, port: 22}}\n',
  'sources: {ntp: true, ssh: {interval: 1m}}\nlimits: {median: {warning: 30s}, roles: {worker: 200ms}}\nconsole: {listen: "[::1]:80"}\n',
  'timesync: {servers: [a], makestep: {threshold: 1s, limit: 3}, allow: [10.0.0.0/8]}\nhistory: {maxSize: 2GiB}\n',
  'nodes: [{name: a, timesync: {adopt: true}}]\ntimesync: {preset: public, keys: {file: k, id: 1}, ptp: {interfaces: [eth0]}}\ngroups: {worker: {timezone: UTC, timesync: {upstreams: []}}}\n',
];
const inventories = [
  'all:\n  vars: &v {ansible_user: a}\n  hosts:\n    n[1:3]: {<<: *v, ansible_port: 0x16}\n  children:\n    etcd: {hosts: {n1: }}\n',
  '{"all": {"children": {"kube_node": {"hosts": "a"}}}}\n',
];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const fuzz: readonly FuzzTarget[] = [
  {
    name: 'config-yaml',
    seeds: () => configs.map(encode),
    run: (input) => {
      try {
        checkConfig(new TextDecoder().decode(input), 'clockwarden.yaml');
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error;
        if (error.details.some(({ detail }) => detail === undefined))
          throw new Error('a mistake without words');
      }
    },
  },
  {
    name: 'lint-prometheus-rules',
    seeds: () =>
      lintRules.flatMap(({ subject, bad, good }) =>
        subject === 'prometheus-rules' ? [encode(`${bad}---\n${good}`)] : [],
      ),
    run: (input) => {
      lintRulesFile(readRulesFile(new TextDecoder().decode(input), 'rules.yaml'), []);
    },
  },
  {
    name: 'inventory-yaml',
    seeds: () => inventories.map(encode),
    run: (input) => {
      const yaml = readYaml(new TextDecoder().decode(input), 'hosts.yaml', '1.1');
      const tree = 'problems' in yaml ? null : treeOf(yaml);
      if (tree !== null) resolveInventory(readYamlInventory(tree, 'hosts.yaml'));
    },
  },
];
