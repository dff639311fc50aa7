/**
 * `apply` is killed at each action of a plan, then the power of the node is cut: it has one running time daemon each time.
 * What was done is taken back, to the byte; or a rerun completes it. Each node is a cluster of its own, so that every
 * action is cut at the same time.
 */
import { createInterface } from 'node:readline';
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { differences, nodeState, runningDaemons } from './node-state.ts';

/** The plan of a fresh node that is to become a server behind a firewall, with a job that sets its clock. */
const actions = [
  'fetch-packages',
  'install-package',
  'configure-daemon',
  'open-firewall',
  'put-file',
  'put-file',
  'put-file',
] as const;

interface Victim {
  readonly node: string;
  readonly address: string;
  /** Index of the action during which the operator is killed. */
  readonly cut: number;
  readonly operator: Operator;
}

const lab = new TestLab('kill');
const victims: Victim[] = [];

/** A firewall that lets ssh in and nothing else, now and after a reboot, and a job that sets the clock. */
const prepare = `
set -e
cat >/usr/local/sbin/test-firewall <<'SCRIPT'
#!/bin/sh
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p udp -m multiport --sports 53,123 -j ACCEPT
iptables -A INPUT -p tcp -j ACCEPT
iptables -P INPUT DROP
SCRIPT
chmod 755 /usr/local/sbin/test-firewall
cat >/etc/systemd/system/test-firewall.service <<'UNIT'
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/test-firewall
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now test-firewall.service
printf '*/5 * * * * root /usr/sbin/ntpdate -b pool.ntp.org\\n' >/etc/cron.d/ntpdate
sync
`;

beforeAll(async () => {
  const nodes = actions.map((_, index) => `node${index + 1}`);
  await lab.must('up', '--nodes', String(nodes.length), '--image', 'timesyncd');
  for (const [cut, node] of nodes.entries()) {
    const outcome = await lab.on(node, prepare);
    expect(outcome.code, outcome.stderr).toBe(0);
    const address = `10.99.0.${11 + cut}`;
    const operator = await Operator.at(lab);
    await operator.write('clockwarden.yaml', config(node, address));
    victims.push({ node, address, cut, operator });
  }
});

afterAll(async () => {
  await Promise.all(victims.map(({ operator }) => operator.remove()));
  await lab.remove();
});

function config(node: string, address: string): string {
  return `name: ${node}
nodes: [{name: ${node}, address: ${address}, roles: [control-plane]}]
timezone: Asia/Shanghai
timesync:
  enabled: true
  mode: chrony
  topology: hierarchy
  upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]
  allow: [10.99.0.0/16]
`;
}

/** Kills `clockwarden apply` when it begins the victim's action, and waits until the node has ended that action. */
async function killAtAction({ operator, node, cut }: Victim): Promise<void> {
  const apply = operator.start('exec clockwarden apply --yes --json');
  const ended = new Promise((resolve) => apply.once('close', resolve));
  const seen: string[] = [];
  if (apply.stdout === null) throw new Error('Its output is piped.');
  for await (const line of createInterface({ input: apply.stdout })) {
    seen.push(line);
    const event: unknown = JSON.parse(line);
    if (isBegun(event, cut)) apply.kill('SIGKILL');
  }
  await ended;
  expect(apply.signalCode, seen.join('\n')).toBe('SIGKILL');
  await eventually(
    async () => (await lab.on(node, 'test ! -e /var/lib/clockwarden/lock')).code === 0,
    `the agent on ${node} has ended`,
    240_000,
  );
}

function isBegun(event: unknown, index: number): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    'event' in event &&
    event.event === 'action' &&
    'state' in event &&
    event.state === 'begun' &&
    'index' in event &&
    event.index === index
  );
}

/** One daemon that runs, with a configuration that it takes. */
async function oneDaemon(node: string): Promise<string> {
  await eventually(
    async () => (await runningDaemons(lab, node)).length > 0,
    `a daemon runs on ${node}`,
    120_000,
  );
  const daemons = await runningDaemons(lab, node);
  expect(daemons, node).toHaveLength(1);
  const check =
    'test ! -e /etc/chrony/chrony.conf || ! command -v chronyd || chronyd -p -f /etc/chrony/chrony.conf';
  const outcome = await lab.on(node, check);
  expect(outcome.code, `${node}: ${outcome.stderr}`).toBe(0);
  return daemons.join(' ');
}

async function must({ operator }: Victim, command: string, ...codes: number[]): Promise<void> {
  const outcome = await operator.run(command);
  expect(codes.length === 0 ? [0] : codes, `$ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toContain(
    outcome.code,
  );
}

/** The same for all victims at once; every failure is told, not the first alone. */
async function all<Result>(work: (victim: Victim) => Promise<Result>): Promise<readonly Result[]> {
  const ended = await Promise.allSettled(victims.map(work));
  expect(ended.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([]);
  return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

async function restored({ node }: Victim, before: readonly string[] | undefined): Promise<void> {
  expect(differences(before ?? [], await nodeState(lab, node)), node).toEqual([]);
}

test('one daemon wherever a run is cut; a rollback restores, a rerun completes', async () => {
  const before = await all(({ node }) => nodeState(lab, node));

  await all(killAtAction);
  const killed = await all(({ node }) => oneDaemon(node));
  await lab.powerCycle(victims.map(({ node }) => node));
  const cut = await all(({ node }) => oneDaemon(node));
  await all((victim) => must(victim, 'clockwarden rollback --yes'));
  await all((victim) => restored(victim, before[victim.cut]));

  await all(killAtAction);
  await all((victim) => must(victim, 'clockwarden apply --continue --yes'));
  const continued = await all(({ node }) => oneDaemon(node));
  await all((victim) => must(victim, 'clockwarden plan'));
  await all((victim) => must(victim, 'clockwarden rollback --yes'));
  await all((victim) => restored(victim, before[victim.cut]));

  console.table(
    actions.map((action, index) => ({
      'killed during': `${index} ${action}`,
      'then runs': killed[index],
      'after a power cut': cut[index],
      'rolled back': 'to the byte',
      'killed again and continued': continued[index],
      'rolled back again': 'to the byte',
    })),
  );
}, 1_200_000);
