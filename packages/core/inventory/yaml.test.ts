import { describe, expect, it } from 'vitest';
import { readYamlInventory, resolveInventory, type YamlTree } from './index.ts';

/** A tree whose lines count the values in the order they are written. */
function tree(value: unknown): YamlTree {
  let line = 0;
  const build = (part: unknown): YamlTree => {
    line += 1;
    const here = line;
    if (Array.isArray(part)) return { kind: 'other', line: here };
    if (typeof part !== 'object' || part === null) {
      return { kind: 'scalar', line: here, value: part as string | number | boolean | null };
    }
    const entries = Object.entries(part).map(([key, inner]) => {
      const built = build(inner);
      return { key, line: built.line, value: built };
    });
    return { kind: 'map', line: here, entries };
  };
  return build(value);
}

function read(value: unknown) {
  return resolveInventory(readYamlInventory(tree(value), 'hosts.yaml'));
}

describe('a YAML inventory', () => {
  it('has hosts, children and variables as kubespray writes them', () => {
    const { nodes, problems } = read({
      all: {
        vars: { ansible_user: 'ops' },
        hosts: { 'node[1:2]': { ansible_port: 2222 }, node3: { ansible_host: '10.0.0.3', ip: '10.0.0.3' } },
        children: {
          kube_control_plane: { hosts: { node1: null } },
          kube_node: { hosts: { node2: null, node3: null } },
          etcd: { hosts: { node1: null } },
          k8s_cluster: {
            children: { kube_control_plane: null, kube_node: null },
            vars: { ansible_user: 'k8s' },
          },
          calico_rr: { hosts: {} },
        },
      },
    });
    expect(problems).toEqual([]);
    expect(
      nodes.map(({ name, address, roles, ssh }) => [name, address, roles.join(), ssh.user, ssh.port]),
    ).toEqual([
      ['node1', 'node1', 'control-plane,etcd', 'k8s', 2222],
      ['node2', 'node2', 'worker', 'k8s', 2222],
      ['node3', '10.0.0.3', 'worker', 'k8s', undefined],
    ]);
  });

  it('knows server and agent as roles beside k3s', () => {
    const k3s = { k3s_cluster: { children: { server: { hosts: 'a' }, agent: { hosts: 'b' } } } };
    expect(read(k3s).nodes.map((node) => node.roles)).toEqual([['control-plane'], ['worker']]);
    expect(read({ server: { hosts: 'a' } }).nodes.map((node) => node.roles)).toEqual([['worker']]);
  });

  it.each([
    ['nothing', null],
    ['text', 'hosts'],
    ['an empty map', {}],
    ['a list of hosts', { all: { hosts: ['a', 'b'] } }],
    ['a key that groups do not have', { all: { hosst: { a: null } } }],
    ['a group that is text', { all: 'a' }],
    ['a host that is text', { all: { hosts: { a: 'b' } } }],
    ['the configuration of a plugin', { plugin: 'aws_ec2' }],
    ['an encrypted variable that is needed', { all: { hosts: { a: { ansible_host: ['vault'] } } } }],
  ])('is refused when it is %s', (_, value) => {
    const { problems } = read(value);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ where: 'hosts.yaml', line: expect.any(Number) });
  });

  it('may hold lists and maps where no connection needs them', () => {
    expect(read({ all: { hosts: { a: { taints: ['x'], labels: { b: 'c' } } } } }).problems).toEqual([]);
  });

  it('bounds how deep groups nest', () => {
    let deep: unknown = { hosts: { a: null } };
    for (let level = 0; level < 500; level += 1) deep = { children: { [`g${level}`]: deep } };
    expect(read({ all: deep }).problems).toHaveLength(1);
  });
});
