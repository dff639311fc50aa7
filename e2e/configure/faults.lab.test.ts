/** What goes wrong while nodes are changed: no node is left without time, and the message names the cause. */
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { runningDaemons } from './node-state.ts';

const lab = new TestLab('apply-faults');
const operators: Operator[] = [];

/** ntp4 lies by an hour. */
const liar = '10.99.0.204';
const truthful = '10.99.0.201, 10.99.0.202, 10.99.0.203';

interface Ordeal {
  readonly name: string;
  /** A script on the node, or faults of the lab, before `apply`. */
  readonly script?: string;
  readonly fault?: string;
  readonly upstreams?: string;
  readonly user?: string;
  readonly message: RegExp;
}

const ordeals: readonly Ordeal[] = [
  {
    name: 'mirror down',
    script: 'iptables -A OUTPUT -p tcp --dport 80 -j REJECT',
    message: /mirror does not answer/,
  },
  { name: 'DNS dead', fault: 'dns-break', message: /resolves no names/ },
  { name: 'disk full', fault: 'disk-full', message: /disk is full/ },
  { name: '/etc read-only', fault: 'etc-read-only', message: /read-only/ },
  {
    name: 'sudo refused',
    script:
      'useradd -m -s /bin/sh ops && cp -r /root/.ssh /home/ops/ && chown -R ops:ops /home/ops/.ssh && chmod 700 /home/ops/.ssh',
    user: 'ops',
    message: /sudo -n.* is refused/,
  },
  { name: 'upstream lying', upstreams: `10.99.0.201, ${liar}`, message: /contradict/ },
];

const lost = `node${ordeals.length + 1}`;

async function operatorOf(index: number, { upstreams = truthful, user }: Partial<Ordeal>): Promise<Operator> {
  const operator = await Operator.at(lab);
  operators.push(operator);
  const login = user === undefined ? '' : `, ssh: {user: ${user}}`;
  await operator.write(
    'clockwarden.yaml',
    `name: ordeal
nodes: [{name: node${index + 1}, address: 10.99.0.${11 + index}${login}}]
timezone: Asia/Shanghai
timesync: {enabled: true, mode: chrony, topology: direct, upstreams: [${upstreams}]}
`,
  );
  return operator;
}

beforeAll(async () => {
  const count = String(ordeals.length + 1);
  await lab.must('up', '--nodes', count, '--image', 'timesyncd', '--upstreams', '4');
  await lab.must('fault', 'upstream-lie', 'ntp4', 'by=+1h');
});

afterAll(async () => {
  await lab.remove();
  await Promise.all(operators.map((operator) => operator.remove()));
});

async function undergo(ordeal: Ordeal, index: number): Promise<string> {
  const node = `node${index + 1}`;
  if (ordeal.script !== undefined) {
    const prepared = await lab.on(node, ordeal.script);
    expect(prepared.code, `${ordeal.name}: ${prepared.stderr}`).toBe(0);
  }
  const operator = await operatorOf(index, ordeal);
  const outcome = await operator.run('clockwarden apply --yes');
  expect(outcome.code, `${ordeal.name}\n${outcome.stdout}`).toBeGreaterThan(0);
  expect(`${outcome.stdout}\n${outcome.stderr}`, ordeal.name).toMatch(ordeal.message);
  expect(await runningDaemons(lab, node), ordeal.name).toEqual(['systemd-timesyncd.service']);
  return `${ordeal.name}: the daemon from before runs`;
}

/** The login dies while the daemon's file is being written, and comes back. */
async function loseContact(): Promise<string> {
  const operator = await operatorOf(ordeals.length, {});
  let isBlocked = false;
  const { code, printed } = await operator.follow('clockwarden apply --yes', async (event) => {
    if (event.action === 'configure-daemon' && event.state === 'begun' && !isBlocked) {
      isBlocked = true;
      await lab.must('fault', 'ssh-block', lost);
      await lab.on(lost, "pkill -KILL -f 'sshd: root' || true");
    }
    if (isBlocked && event.event === 'waiting') await lab.run('fault', ['--undo', 'all']);
  });
  expect(code, printed).toBe(0);
  expect(isBlocked).toBe(true);
  await eventually(
    async () => (await runningDaemons(lab, lost)).join() === 'chrony.service',
    'chrony runs after contact was lost',
  );
  return 'ssh lost after the write: contact came back, the run went on';
}

test('no node is without time, and the message names the cause', async () => {
  // Faults of the lab are put in force one after the other: they share its state.
  for (const [index, { fault }] of ordeals.entries()) {
    if (fault !== undefined) await lab.must('fault', fault, `node${index + 1}`);
  }
  const ended = await Promise.allSettled(ordeals.map(undergo));
  await lab.must('fault', '--undo', 'all');
  const told = [...ended, ...(await Promise.allSettled([loseContact()]))];
  console.log(told.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])).join('\n'));
  expect(told.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([]);
}, 1_200_000);
