/**
 * firewalld, ufw, iptables and nftables on real systemd nodes: `apply` opens each for the clients and for nobody else, through a power
 * cut; `rollback` closes it to the byte. The lab's kernel has no tables for the legacy variant of iptables, which filters in
 * packages/adapters/configure/agent/firewall.integration.test.ts.
 */
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { differences, nodeState } from './node-state.ts';

const lab = new TestLab('firewall');
/** Of the addresses that the lab has in the nodes' network, one is in here and one is not. */
const network = '10.99.0.0/28';
const client = '10.99.0.1';
const stranger = '10.99.0.201';

interface Node {
  readonly backend: 'firewalld' | 'ufw' | 'iptables' | 'nftables';
  readonly node: string;
  readonly address: string;
  /** Lets UDP 123 in from nobody, now and after a reboot. */
  readonly setUp: string;
}

const nodes: readonly Node[] = [
  {
    backend: 'firewalld',
    node: 'node1',
    address: '10.99.0.11',
    setUp: `echo allow >>/etc/chrony.conf
      systemctl restart chronyd
      systemctl is-active firewalld`,
  },
  {
    backend: 'ufw',
    node: 'node2',
    address: '10.99.0.12',
    setUp: `echo allow >>/etc/chrony/chrony.conf
      systemctl restart chrony
      export DEBIAN_FRONTEND=noninteractive
      apt-get -q update && apt-get -q -y install ufw
      # The lab calls a node ready when ssh answers.
      ufw allow 22/tcp
      ufw --force enable`,
  },
  {
    backend: 'iptables',
    node: 'node3',
    address: '10.99.0.13',
    setUp: `echo allow >>/etc/chrony/chrony.conf
      systemctl restart chrony
      printf '[Unit]\\nDescription=Site firewall\\n[Service]\\nType=oneshot\\nExecStart=/usr/local/sbin/site-firewall\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/site-firewall.service
      printf '#!/bin/sh\\niptables -P INPUT DROP\\niptables -A INPUT -i lo -j ACCEPT\\niptables -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\\niptables -A INPUT -p tcp --dport 22 -j ACCEPT\\n' >/usr/local/sbin/site-firewall
      chmod 755 /usr/local/sbin/site-firewall
      systemctl -q enable --now site-firewall`,
  },
  {
    backend: 'nftables',
    node: 'node4',
    address: '10.99.0.14',
    setUp: `echo allow >>/etc/chrony/chrony.conf
      systemctl restart chrony
      export DEBIAN_FRONTEND=noninteractive
      apt-get -q update && apt-get -q -y install nftables
      printf 'flush ruleset\\ntable inet filter {\\n chain input {\\n  type filter hook input priority 0; policy drop;\\n  iif lo accept\\n  ct state established accept\\n  tcp dport 22 accept\\n }\\n}\\n' >/etc/nftables.conf
      systemctl -q enable --now nftables`,
  },
];

/** Each node is a cluster of its own, whose one server it is: they are changed at the same time. */
function config({ node, address }: Node): string {
  return `name: ${node}
nodes: [{name: ${node}, address: ${address}, roles: [control-plane]}]
timesync:
  enabled: true
  mode: chrony
  topology: hierarchy
  upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]
  allow: [${network}]
`;
}

const operators = new Map<Node, Operator>();
const before = new Map<Node, readonly string[]>();

beforeAll(async () => {
  await lab.must('up', '--nodes', '4', '--image', 'el-like,chrony,chrony,chrony');
  await onAll(async (one) => {
    const operator = await Operator.at(lab);
    operators.set(one, operator);
    await operator.write('clockwarden.yaml', config(one));
  });
});

afterAll(async () => {
  await lab.remove();
  await Promise.all([...operators.values()].map((operator) => operator.remove()));
});

/** Asks a node's NTP server from an address of the lab; whether an answer came. */
async function isServed(from: string, address: string): Promise<boolean> {
  const ask = `const socket = require('node:dgram').createSocket('udp4');
    socket.on('message', () => process.exit(0));
    socket.bind(0, process.argv[1], () => {
      const request = Buffer.alloc(48);
      request[0] = 0x23;
      let left = 4;
      setInterval(() => { if (left-- > 0) socket.send(request, 123, process.argv[2]); else process.exit(1); }, 100);
    });`;
  return (await lab.inside([process.execPath, '-e', ask, from, address])).code === 0;
}

async function onNode({ node }: Node, script: string): Promise<void> {
  const outcome = await lab.on(node, script);
  expect(outcome, script).toMatchObject({ code: 0 });
}

async function must(one: Node, command: string, code = 0): Promise<string> {
  const outcome = await operators.get(one)?.run(command);
  expect(outcome?.code, `${one.node}: $ ${command}\n${outcome?.stdout}\n${outcome?.stderr}`).toBe(code);
  return outcome?.stdout ?? '';
}

/** The client is served. The stranger is not, even where chronyd would answer: the firewall keeps them out. */
async function isOpen(one: Node): Promise<void> {
  await eventually(() => isServed(client, one.address), `${one.node} serves`);
  await onNode(one, 'chronyc allow all');
  expect(await isServed(stranger, one.address), one.node).toBe(false);
}

const onAll = (work: (one: Node) => Promise<void>): Promise<unknown> => Promise.all(nodes.map(work));

test('before: the client is refused, and the plan sees which firewall it is', async () => {
  await onAll(async (one) => {
    await onNode(one, `set -e\n${one.setUp}\nsync`);
    await eventually(async () => !(await isServed(client, one.address)), `${one.node} refuses`);
    before.set(one, await nodeState(lab, one.node));
    expect(JSON.parse(await must(one, 'clockwarden plan --json', 1))).toMatchObject({
      nodes: [
        {
          actions: [
            { action: { kind: 'configure-daemon' } },
            { action: { kind: 'open-firewall', backend: one.backend, networks: [network] } },
          ],
        },
      ],
    });
  });
});

test('applied: the client is served, a stranger is not', async () => {
  await onAll(async (one) => {
    await must(one, 'clockwarden apply --yes');
    await isOpen(one);
  });
});

test('the same after the power was cut, and nothing is left to do', async () => {
  await lab.powerCycle(nodes.map(({ node }) => node));
  await onAll(async (one) => {
    await isOpen(one);
    await must(one, 'clockwarden plan');
  });
});

test('rolled back: the client is refused, files and rules are as before', async () => {
  await onAll(async (one) => {
    await must(one, 'clockwarden rollback --yes');
    expect(await isServed(client, one.address), one.node).toBe(false);
    expect(differences(before.get(one) ?? [], await nodeState(lab, one.node)), one.node).toEqual([]);
  });
});
