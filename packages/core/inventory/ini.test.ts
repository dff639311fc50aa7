import { describe, expect, it } from 'vitest';
import { readIniInventory, resolveInventory } from './index.ts';

function nodes(...lines: readonly string[]) {
  const resolved = resolveInventory(readIniInventory(lines.join('\n'), 'hosts'));
  expect(resolved.problems).toEqual([]);
  return resolved.nodes;
}

function names(...lines: readonly string[]): readonly string[] {
  return nodes(...lines).map((node) => node.name);
}

function problems(...lines: readonly string[]): readonly string[] {
  return resolveInventory(readIniInventory(lines.join('\n'), 'hosts')).problems.map(
    ({ line, detail }) => `${line}: ${detail?.en}`,
  );
}

describe('a kubeasz hosts file', () => {
  const file = [
    "# 'etcd' cluster should have odd member(s) (1,3,5,...)",
    '[etcd]',
    '192.168.1.1',
    '',
    '[kube_master]',
    "192.168.1.1 k8s_nodename='Master_01'",
    '[kube_node]',
    "192.168.1.3 k8s_nodename='worker-01'",
    '192.168.1.4',
    '[harbor]',
    '#192.168.1.8 NEW_INSTALL=false',
    '[chrony]',
    '192.168.1.1',
    '[all:vars]',
    '# --------- Main Variables ---------------',
    'SECURE_PORT="6443"',
    "k8s_nodename=''",
    'bin_dir="/opt/kube/bin"',
    'base_dir="/etc/kubeasz"',
    'cluster_dir="{{ base_dir }}/clusters/_cluster_name_"',
  ];

  it('gives roles by its groups, a host in several of them once', () => {
    expect(nodes(...file).map(({ name, address, roles }) => [name, address, ...roles])).toEqual([
      ['master-01', '192.168.1.1', 'control-plane', 'etcd', 'ntp-server'],
      ['worker-01', '192.168.1.3', 'worker'],
      ['192.168.1.4', '192.168.1.4', 'worker'],
    ]);
  });

  it('says where each node comes from', () => {
    expect(nodes(...file).map((node) => node.origin)).toEqual(['hosts:3', 'hosts:8', 'hosts:9']);
  });

  it('knows the names of kubespray, groups of groups included', () => {
    const file = [
      '[all]',
      'a',
      'b',
      '[kube-controlplane]',
      'a',
      '[kube_node]',
      'b',
      '[k8s-cluster:children]',
    ];
    expect(nodes(...file, 'kube-controlplane', 'kube_node').map((node) => node.roles)).toEqual([
      ['control-plane'],
      ['worker'],
    ]);
  });

  it('knows the older names of the groups', () => {
    expect(nodes('[kube-master]', 'a', '[kube-node]', 'b').map((node) => node.roles)).toEqual([
      ['control-plane'],
      ['worker'],
    ]);
  });
});

describe('host patterns', () => {
  it.each([
    ['node[01:03]', ['node01', 'node02', 'node03']],
    ['n[1:9:4]', ['n1', 'n5', 'n9']],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['r[1:2]-[a:b].x', ['r1-a.x', 'r1-b.x', 'r2-a.x', 'r2-b.x']],
    ['10.0.0.[9:11]', ['10.0.0.9', '10.0.0.10', '10.0.0.11']],
    ['n[:2]', ['n0', 'n1', 'n2']],
    ['2001:db8::1', ['2001:db8::1']],
    ['节点[1:2] ansible_host=h', ['节点1', '节点2']],
  ])('%s', (pattern, expected) => expect(names(pattern)).toEqual(expected));

  it('takes the port behind a name or a bracketed address', () => {
    expect(nodes('a:2222', '[2001:db8::1]:22', 'n[1:2]:7').map(({ name, ssh }) => [name, ssh.port])).toEqual([
      ['a', 2222],
      ['2001:db8::1', 22],
      ['n1', 7],
      ['n2', 7],
    ]);
  });

  it.each([
    'n[1:1000][1:1000]',
    'n[1:999999999999]',
    'n[5:1]',
    'n[01:100]',
    'n[1:5:0]',
    'n[1]',
    'n[1:2:3:4]',
    'n[a:5]',
    'a:99999',
    'a:b',
    '-oProxyCommand=x',
    'a/b',
    '$(id)',
  ])('refuses %s', (pattern) => expect(problems(pattern)).toHaveLength(1));

  it('stays bounded over many lines', () => {
    const lines = Array.from({ length: 11 }, (_, index) => `h${index}-[1:10000]`);
    expect(problems(...lines)).toHaveLength(1);
  });
});

describe('variables', () => {
  it('of a host go before those of a child group, of its parent, and of all', () => {
    const file = ['[all:vars]', 'ansible_user=all', 'ansible_port=1', '[child]', 'a ansible_user=host', 'b'];
    const groups = [
      '[child:vars]',
      'ansible_port=2',
      '[parent:children]',
      'child',
      '[parent:vars]',
      'ansible_port=3',
    ];
    expect(nodes(...file, ...groups, 'ansible_ssh_private_key_file=/k').map((node) => node.ssh)).toEqual([
      { user: 'host', port: 2, identityFile: '/k' },
      { user: 'all', port: 2, identityFile: '/k' },
    ]);
  });

  it('of groups at one depth: the later name wins, unless ansible_group_priority says otherwise', () => {
    const file = ['[x]', 'a', '[y]', 'a', '[x:vars]', 'ansible_user=x', '[y:vars]', 'ansible_user=y'];
    expect(nodes(...file)[0]?.ssh.user).toBe('y');
    expect(nodes(...file, '[x:vars]', 'ansible_group_priority=10')[0]?.ssh.user).toBe('x');
  });

  it('are Python literals: quotes go, comments behind them too, other text stays', () => {
    const [node] = nodes(
      '[g]',
      'a',
      '[g:vars]',
      'ansible_host="10.0.0.1" # it',
      'ansible_port = 0x16',
      "ansible_user='o'",
    );
    expect(node).toMatchObject({ address: '10.0.0.1', ssh: { port: 22, user: 'o' } });
  });

  it('keep blanks in quotes on a host line, and drop a comment behind', () => {
    const line = `a ansible_ssh_common_args='-o ProxyCommand="ssh -W %h:%p gw" -C' ansible_ssh_extra_args=-4 # no = here`;
    expect(nodes(line)[0]?.ssh.extraArguments).toEqual(['-o', 'ProxyCommand=ssh -W %h:%p gw', '-C', '-4']);
  });

  it('of older names are known, and win as in Ansible', () => {
    expect(nodes('a ansible_host=new ansible_ssh_host=old')[0]?.address).toBe('old');
  });

  it('make this machine of ansible_connection=local', () => {
    expect(nodes('a ansible_connection=local')[0]).toMatchObject({
      address: 'localhost',
      sources: ['local'],
    });
  });

  it('are refused as templates only where they are needed', () => {
    expect(problems('a ansible_host={{ip}} other={{x}}')).toEqual([
      '1: `ansible_host`: templates are not evaluated; write the value itself',
    ]);
  });

  it.each([
    'a ansible_port=99999',
    'a ansible_port=ssh',
    'a ansible_user=-oProxyCommand=x',
    'a ansible_host=-oProxyCommand=x',
    'a ansible_host="b c"',
    `a ansible_ssh_common_args="-o 'x"`,
    `a ansible_user="['x']x y"`,
  ])('are refused when no connection can be made of them: %s', (line) => {
    expect(problems(line)).toHaveLength(1);
  });

  it('wrong in a group are reported once', () => {
    expect(problems('[g]', 'a[1:50]', '[g:vars]', 'ansible_port=x')).toHaveLength(1);
  });
});

describe('mistakes', () => {
  it('are all listed, and take no other line with them', () => {
    const file = [
      '[g]',
      'a b',
      'good',
      "q 'x",
      '[bad name]',
      'x',
      '[h:vars]',
      'junk',
      '[i:what]',
      '[k:children]',
      'nobody',
    ];
    expect(problems(...file).map((words) => words.split(':')[0])).toEqual([
      '2',
      '4',
      '5',
      '8',
      '9',
      '7',
      '11',
    ]);
    expect(
      resolveInventory(readIniInventory(file.join('\n'), 'hosts')).nodes.map(({ name }) => name),
    ).toContain('good');
  });

  it('name groups that contain themselves', () => {
    expect(problems('[a:children]', 'b', '[b:children]', 'a')).toEqual([
      '2: the group `b` contains itself through its children',
      '1: the group `a` contains itself through its children',
    ]);
  });

  it('stay few in a file of rubbish', () => {
    expect(problems(...Array.from({ length: 5_000 }, () => 'a b')).length).toBeLessThanOrEqual(100);
  });

  it('do not come from a chain of fifty thousand groups', () => {
    const chain = Array.from({ length: 50_000 }, (_, index) => `[g${index}:children]\ng${index + 1}`);
    expect(names(...chain, '[g50000]', 'a')).toEqual(['a']);
  });
});

it('reads a file of any line ending, an empty file, and one of comments', () => {
  expect(names('[g]\r', 'a\r')).toEqual(['a']);
  expect(names('')).toEqual([]);
  expect(names('# a', '; b')).toEqual([]);
});
