/** Every firewall on real systemd nodes, through a real power cut right after it was opened. */
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firewallFunctions } from './firewall.ts';
import { words } from './words.ts';

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
  /** What the node says of its rules. */
  readonly rules: string;
  readonly files: string;
}

const nodes: readonly Node[] = [
  {
    backend: 'firewalld',
    node: 'node1',
    address: '10.99.0.11',
    setUp: `echo allow >>/etc/chrony.conf
      systemctl restart chronyd
      systemctl is-active firewalld`,
    rules:
      'firewall-cmd --list-all; firewall-cmd --permanent --list-all; nft -s list chain inet firewalld filter_IN_public_allow',
    files: '/etc/firewalld',
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
    rules: 'ufw status; iptables -S ufw-user-input',
    files: '/etc/ufw',
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
    rules: 'iptables -S',
    files: '/etc/systemd/system',
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
    rules: 'nft -s list ruleset',
    files: '/etc/nftables.conf',
  },
];

beforeAll(() => lab.must('up', '--nodes', '4', '--image', 'el-like,chrony,chrony,chrony'));
afterAll(() => lab.remove());

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

async function must(node: string, script: string): Promise<string> {
  const outcome = await lab.on(node, script);
  expect(outcome, script).toMatchObject({ code: 0 });
  return outcome.stdout;
}

async function done({ node, backend }: Node, verb: 'open' | 'close'): Promise<void> {
  const wire = [backend, network].map((word) => Buffer.from(word).toString('base64')).join(' ');
  const script = `set -f\nLC_ALL=C\nexport LC_ALL\n${words}${firewallFunctions}\ndo_${verb}_firewall ${wire}`;
  expect(await lab.on(node, script)).toEqual({ code: 0, stdout: '', stderr: '' });
}

/** Files with their bytes, owners and modes. */
const filesOf = ({ node, files }: Node): Promise<string> =>
  must(
    node,
    `find ${files} -printf '%p %y %m %u:%g %l\\n' | sort; find ${files} -type f -exec sha256sum '{}' + | sort`,
  );

interface Seen {
  readonly files: string;
  readonly rules: string;
}

const seen = async (one: Node): Promise<Seen> => ({
  files: await filesOf(one),
  rules: await must(one.node, one.rules),
});
const before = new Map<string, Seen>();

/** The client is served and the stranger is not, once the node has its firewall: it answers everybody until then. */
async function isOpen({ node, address }: Node): Promise<void> {
  await eventually(async () => !(await isServed(stranger, address)), `${node} refuses a stranger`, 180_000);
  await eventually(() => isServed(client, address), `${node} serves`);
  expect(await isServed(stranger, address), node).toBe(false);
}

const onAll = (work: (one: Node) => Promise<void>): Promise<unknown> => Promise.all(nodes.map(work));

test('before: the client is refused', async () => {
  await onAll(async (one) => {
    await must(one.node, `set -e\n${one.setUp}\nsync`);
    await eventually(async () => !(await isServed(client, one.address)), `${one.node} refuses`);
    before.set(one.node, await seen(one));
  });
});

test('opened: the client is served, a stranger is not', async () => {
  await onAll(async (one) => {
    await done(one, 'open');
    await isOpen(one);
  });
});

test('the same after the power was cut', async () => {
  for (const { node } of nodes) await lab.must('fault', 'power-cut', node);
  await lab.must('fault', '--undo', 'all');
  await onAll(isOpen);
});

test('closed: the client is refused, files and rules are as before', async () => {
  await onAll(async (one) => {
    await done(one, 'close');
    expect(await isServed(client, one.address), one.node).toBe(false);
    expect(await seen(one), one.node).toEqual(before.get(one.node));
  });
});
