/**
 * `apply` is killed at each action of a plan, and the power of the node cut with it or not: it has one running time daemon each
 * time. A rerun completes what was begun; a rollback takes it back, to the byte. Each node is a cluster of its own, so that every
 * action is cut at the same time.
 *
 * The two plans have every kind of action that a plan may have; the first is cut in each of its actions. `remove-package` and
 * `close-firewall` only put something back, as the rollbacks here do; `resync` is a command of its own.
 */
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { differences, nodeState, runningDaemons } from './node-state.ts';

interface Plan {
  readonly name: string;
  readonly image: string;
  /** What a node of that image becomes before its first plan. */
  readonly prepare: string;
  /** Of clockwarden.yaml. */
  readonly config: string;
  /** Held against what `apply` tells. */
  readonly actions: readonly string[];
  /** Indexes of the actions that it is cut in. */
  readonly cuts: readonly number[];
}

const upstreams = 'upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]';

/** A firewall that lets ssh in and nothing else, now and after a reboot, and a job that sets the clock. */
const freshServer: Plan = {
  name: 'a fresh node becomes a server',
  image: 'timesyncd',
  prepare: `
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
`,
  config: `timezone: Asia/Shanghai
timesync: {enabled: true, mode: chrony, topology: hierarchy, ${upstreams}, allow: [10.99.0.0/16]}
`,
  actions: [
    'fetch-packages',
    'install-package',
    'configure-daemon',
    'open-firewall',
    'put-file',
    'put-file',
    'put-file',
  ],
  cuts: [0, 1, 2, 3, 4, 5, 6],
};

/** A daemon that no package brought keeps the time, and hands it over to chrony, which dnf brings. */
const handOver: Plan = {
  name: 'a daemon built by hand gives way',
  image: 'el-like',
  prepare: `
set -e
systemctl -q disable --now firewalld
cp -p /usr/sbin/chronyd /usr/local/sbin/ntpd
rpm -e chrony lab-library
rm -rf /etc/chrony* /var/lib/chrony/* /var/cache/dnf
printf 'server 10.99.0.%s iburst\\n' 201 202 203 >/etc/site-ntp.conf
printf 'user root\\npidfile /run/site-ntpd.pid\\nbindcmdaddress /\\ncmdport 0\\nmakestep 1 3\\nrtcsync\\n' >>/etc/site-ntp.conf
cat >/etc/systemd/system/ntpd.service <<'UNIT'
[Service]
ExecStart=/usr/local/sbin/ntpd -n -f /etc/site-ntp.conf
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now ntpd.service
sync
`,
  config: `timesync: {enabled: true, mode: chrony, topology: direct, ${upstreams}}
`,
  actions: ['fetch-packages', 'install-package', 'configure-daemon', 'set-units'],
  // Where it differs from the other: what dnf does, and the hand-over.
  cuts: [1, 3],
};

interface Victim {
  readonly index: number;
  readonly node: string;
  readonly plan: Plan;
  /** Index of the action during which the operator is killed. */
  readonly cut: number;
}

const victims: readonly Victim[] = [freshServer, handOver]
  .flatMap((plan) => plan.cuts.map((cut) => ({ plan, cut })))
  .map(({ plan, cut }, index) => ({ index, node: `node${index + 1}`, plan, cut }));

const lab = new TestLab('kill');
const operators: Operator[] = [];

beforeAll(async () => {
  const images = victims.map(({ plan }) => plan.image).join(',');
  await lab.must('up', '--nodes', String(victims.length), '--image', images);
  await all(async ({ index, node, plan }) => {
    const outcome = await lab.on(node, plan.prepare);
    expect(outcome.code, outcome.stderr).toBe(0);
    const operator = await Operator.at(lab);
    operators[index] = operator;
    const nodes = `nodes: [{name: ${node}, address: 10.99.0.${11 + index}, roles: [control-plane]}]`;
    await operator.write('clockwarden.yaml', `name: ${node}\n${nodes}\n${plan.config}`);
  });
});

afterAll(async () => {
  await lab.remove();
  await Promise.all(operators.map((operator) => operator.remove()));
});

function operatorOf({ index, node }: Victim): Operator {
  const operator = operators[index];
  if (operator === undefined) throw new Error(`Nobody operates ${node}.`);
  return operator;
}

/** Kills `clockwarden apply` when it begins the victim's action. @returns which that was, as it tells itself */
async function killAtAction(victim: Victim): Promise<string | null | undefined> {
  const { plan, cut } = victim;
  const begun: (string | null | undefined)[] = [];
  let of: number | undefined;
  const run = await operatorOf(victim).follow('clockwarden apply --yes', (event, apply) => {
    if (event.event !== 'action' || event.state !== 'begun') return;
    begun.push(event.action);
    of = event.of;
    if (event.index === cut) apply.kill('SIGKILL');
  });
  expect(run.signal, run.printed).toBe('SIGKILL');
  expect(begun, run.printed).toEqual(plan.actions.slice(0, begun.length));
  expect(of, run.printed).toBe(plan.actions.length);
  return begun[cut];
}

/** With the power the node loses what it is in the middle of, and ends that when it boots; else its agent does. */
async function cutAtAction(victim: Victim, isPowerCut: boolean): Promise<string | null | undefined> {
  const action = await killAtAction(victim);
  if (isPowerCut) await lab.powerCycle([victim.node]);
  else {
    await eventually(
      async () => (await lab.on(victim.node, 'test ! -L /var/lib/clockwarden/lock')).code === 0,
      `the agent on ${victim.node} has ended`,
      240_000,
    );
  }
  return action;
}

/** One daemon that runs, with a configuration that it takes. */
async function oneDaemon({ node }: Victim): Promise<string> {
  await eventually(
    async () => (await runningDaemons(lab, node)).length > 0,
    `a daemon runs on ${node}`,
    120_000,
  );
  const daemons = await runningDaemons(lab, node);
  expect(daemons, node).toHaveLength(1);
  const check = `for file in /etc/chrony.conf /etc/chrony/chrony.conf; do
    [ ! -e $file ] || ! command -v chronyd || chronyd -p -f $file || exit 1
  done`;
  const outcome = await lab.on(node, check);
  expect(outcome.code, `${node}: ${outcome.stderr}`).toBe(0);
  return daemons.join(' ');
}

async function must(victim: Victim, command: string): Promise<void> {
  const outcome = await operatorOf(victim).run(command);
  expect(outcome.code, `${victim.node}: $ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toBe(0);
}

/** The same for all victims at once; every failure is told, not the first alone. */
async function all<Result>(work: (victim: Victim) => Promise<Result>): Promise<readonly Result[]> {
  const ended = await Promise.allSettled(victims.map(work));
  expect(ended.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([]);
  return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

type Row = Readonly<Record<string, string | null | undefined>>;

/** Cut, completed or not, and put back. Half of the nodes lose their power in the first round, the others in the second. */
async function round(
  ending: 'rollback' | 'rerun',
  before: readonly (readonly string[])[],
): Promise<readonly Row[]> {
  return all(async (victim) => {
    const isPowerCut = (victim.index + (ending === 'rerun' ? 1 : 0)) % 2 === 0;
    const action = await cutAtAction(victim, isPowerCut);
    const found = await oneDaemon(victim);
    let ends = 'rolled back';
    if (ending === 'rerun') {
      await must(victim, 'clockwarden apply --continue --yes');
      ends = `completed: ${await oneDaemon(victim)}; rolled back`;
      await must(victim, 'clockwarden plan');
    }
    await must(victim, 'clockwarden rollback --yes');
    expect(differences(before[victim.index] ?? [], await nodeState(lab, victim.node)), victim.node).toEqual(
      [],
    );
    return {
      plan: victim.plan.name,
      'cut in': `${victim.cut} ${action}`,
      by: isPowerCut ? 'operator killed, power cut' : 'operator killed',
      'then runs': found,
      'and is': `${ends} to the byte`,
    };
  });
}

test('one daemon wherever a run is cut; a rollback restores, a rerun completes', async () => {
  const before = await all(({ node }) => nodeState(lab, node));
  const rolledBack = await round('rollback', before);
  const completed = await round('rerun', before);
  const table = victims.flatMap(({ index }) => [rolledBack[index], completed[index]]);
  console.table(table.filter((row) => row !== undefined));
}, 1_800_000);
