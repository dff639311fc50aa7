import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, TestLab } from '../testing/index.ts';
import { flavourNamed, flavours } from './index.ts';

const lab = new TestLab('flavours');
const nodes = flavours.map((flavour, at) => [`node${at + 1}`, flavour.name] as const);
const nodeOf = (flavour: string): string => nodes.find(([, name]) => name === flavour)?.[0] ?? '';

beforeAll(async () => {
  await lab.must('up', '--nodes', String(flavours.length), '--image', 'mixed', '--exporter');
});
afterAll(() => lab.remove());

async function shell(node: string, script: string): Promise<string> {
  const outcome = await lab.on(node, script);
  expect(outcome, script).toMatchObject({ code: 0 });
  return outcome.stdout.trim();
}

const succeeds = async (node: string, script: string): Promise<boolean> =>
  (await lab.on(node, script)).code === 0;

describe.each(nodes)('%s is %s', (node, name) => {
  const { daemon } = flavourNamed(name);

  test('systemd has started everything, and node_exporter answers', async () => {
    expect(await shell(node, 'systemctl --failed --quiet --no-legend --plain')).toBe('');
    await eventually(() => succeeds(node, 'bash -c "exec 3<>/dev/tcp/127.0.0.1/9100"'), 'port 9100');
  });

  test(daemon ? `${daemon.unit} runs with ${daemon.config}` : 'no time daemon runs', async () => {
    if (daemon) await shell(node, `systemctl is-active ${daemon.unit} && [ -f ${daemon.config} ]`);
    else expect(await succeeds(node, 'pgrep -l "chronyd|ntpd|timesyncd"')).toBe(false);
  });

  test(
    daemon ? 'it follows the lab’s upstreams to a few milliseconds' : 'its clock starts right',
    async () => {
      await eventually(
        async () => {
          const truth = (await lab.truth())[node];
          return truth !== null && truth !== undefined && Math.abs(truth.offsetSeconds) < 0.01;
        },
        'the clock is right',
        180_000,
      );
    },
  );
});

test('the truth is bounded below 2 ms on every node', async () => {
  for (const [node, truth] of Object.entries(await lab.truth())) {
    expect(truth?.boundSeconds, node).toBeLessThan(0.002);
  }
});

test('the node of RHEL’s layout has its files, unit, user and firewall, and no apt', async () => {
  const node = nodeOf('el-like');
  expect(await shell(node, 'ps -o user= -C chronyd')).toBe('chrony');
  await eventually(() => succeeds(node, 'firewall-cmd --state'), 'firewalld runs');
  await shell(
    node,
    'firewall-cmd --permanent --add-service=ntp && firewall-cmd --reload && nft list ruleset | grep -q "udp dport 123"',
  );
  expect(await succeeds(node, 'command -v apt-get dpkg')).toBe(false);
  expect(await succeeds(node, '[ -e /etc/chrony ]')).toBe(false);
});

test('a bare node installs a daemon and a firewall from the mirror alone', async () => {
  const node = nodeOf('bare');
  await shell(
    node,
    'export DEBIAN_FRONTEND=noninteractive; apt-get -q update && apt-get -q -y install openntpd ufw',
  );
  await shell(node, 'systemctl is-active openntpd');
  await shell(node, 'ufw allow 22/tcp && ufw --force enable && ufw status | grep -q "Status: active"');
});

test('inventory, ssh_config and known_hosts let ssh in without a question', async () => {
  const config = join(lab.directory, 'ssh_config');
  expect(readFileSync(join(lab.directory, 'hosts'), 'utf8')).toContain('[kube_master]\n10.99.0.11');
  for (const host of ['node2', '10.99.0.13']) {
    const login = ['ssh', '-F', config, '-o', 'BatchMode=yes', host, 'hostname'];
    const outcome = await lab.inside(login, 60_000);
    expect(outcome, host).toMatchObject({ code: 0, stderr: '' });
  }
});
