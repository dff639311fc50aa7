/** What goes wrong while nodes are changed: no node is left without time, and the message names the cause. */
import { TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { differences, nodeState, runningDaemons } from './node-state.ts';

const lab = new TestLab('apply-faults');
const apply = 'clockwarden apply --yes';
const operators: Operator[] = [];

/** ntp4 lies by an hour. ntp5 begins to while `apply` is under way. */
const liar = '10.99.0.204';
const turncoat = '10.99.0.205';
const truthful = '10.99.0.201, 10.99.0.202, 10.99.0.203';

interface Ordeal {
  readonly name: string;
  /** Of the lab; absent: timesyncd runs. */
  readonly image?: 'bare';
  /** A script on the node, or faults of the lab, before `apply`. */
  readonly script?: string;
  readonly fault?: string;
  readonly upstreams?: string;
  readonly user?: string;
  /** Further lines of `timesync`. */
  readonly timesync?: string;
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
  {
    // Debian's two daemons exclude each other: the old one is gone by then.
    name: 'the package installs and its script fails',
    script: 'echo 1 >/etc/group.lock',
    message: /cannot lock \/etc\/group/,
  },
  {
    name: 'the script fails where there was no daemon',
    image: 'bare',
    script: 'echo 1 >/etc/group.lock',
    message: /cannot lock \/etc\/group/,
  },
  {
    name: 'chronyd refuses its file',
    timesync: 'refclocks: [SHM 0 nonsense]',
    message: /does not accept \/etc\/chrony\/chrony\.conf: .*refclock/,
  },
  { name: 'upstream lying', upstreams: `10.99.0.201, ${liar}`, message: /contradict/ },
];

/** Nothing was begun on the last of them: it has more to go through. */
const again = ordeals.length - 1;
const nodeOf = (index: number): string => `node${index + 1}`;

async function operatorOf(
  index: number,
  { upstreams = truthful, user, timesync }: Partial<Ordeal>,
): Promise<Operator> {
  const operator = await Operator.at(lab);
  operators.push(operator);
  const login = user === undefined ? '' : `, ssh: {user: ${user}}`;
  const more = timesync === undefined ? '' : `, ${timesync}`;
  await operator.write(
    'clockwarden.yaml',
    `name: ordeal
nodes: [{name: ${nodeOf(index)}, address: 10.99.0.${11 + index}${login}}]
timezone: Asia/Shanghai
timesync: {enabled: true, mode: chrony, topology: direct, upstreams: [${upstreams}]${more}}
`,
  );
  return operator;
}

beforeAll(async () => {
  const images = ordeals.map(({ image }) => image ?? 'timesyncd').join(',');
  await lab.must('up', '--nodes', String(ordeals.length), '--image', images, '--upstreams', '5');
  await lab.must('fault', 'upstream-lie', 'ntp4', 'by=+1h');
});

afterAll(async () => {
  await lab.remove();
  await Promise.all(operators.map((operator) => operator.remove()));
});

async function onNode(index: number, script: string): Promise<string> {
  const { code, stdout, stderr } = await lab.on(nodeOf(index), script);
  expect(code, `${script}\n${stderr}`).toBe(0);
  return stdout.trim();
}

/** Whatever came in between, the node is what it was before. */
async function undergo(ordeal: Ordeal, index: number): Promise<string> {
  const node = nodeOf(index);
  if (ordeal.script !== undefined) await onNode(index, ordeal.script);
  const before = await nodeState(lab, node);
  const operator = await operatorOf(index, ordeal);
  const outcome = await operator.run(apply);
  expect(outcome.code, `${ordeal.name}\n${outcome.stdout}`).toBe(1);
  expect(`${outcome.stdout}\n${outcome.stderr}`, ordeal.name).toMatch(ordeal.message);
  await isAsBefore(node, before, ordeal.name, ordeal.image === 'bare' ? [] : undefined);
  return `${ordeal.name}: the node is what it was`;
}

async function isAsBefore(
  node: string,
  before: readonly string[],
  name: string,
  daemons: readonly string[] = ['systemd-timesyncd.service'],
): Promise<void> {
  expect(await runningDaemons(lab, node), name).toEqual(daemons);
  expect(differences(before, await nodeState(lab, node)), name).toEqual([]);
}

/** It told the truth when it was asked before the run: only the verification can notice. */
async function beLiedToMeanwhile(): Promise<string> {
  const node = nodeOf(again);
  const before = await nodeState(lab, node);
  const operator = await operatorOf(again, { upstreams: `10.99.0.201, ${turncoat}` });
  const { code, printed } = await operator.follow(`${apply} --verify-timeout 20s`, async ({ event }) => {
    if (event === 'run-started') await lab.must('fault', 'upstream-lie', 'ntp5', 'by=+1h');
  });
  expect(code, printed).toBe(1);
  expect(printed).toMatch(/"progress":"verifying"/);
  expect(printed).toMatch(/"progress":"rolling-back","text":"[^"]*contradict each other[^"]*10\.99\.0\.205/);
  await isAsBefore(node, before, 'lied to meanwhile');
  return 'an upstream that begins to lie during the run: the daemon from before runs';
}

/** Once the file is another one, the node is cut off: before the daemon with it was looked at. Prints where the run was. */
const cutAfterWrite = `
for _ in $(seq 4000); do
  if grep -qs 10.99.0.203 /etc/chrony/chrony.conf; then
    iptables -I INPUT -p tcp --dport 22 -j DROP
    cat /var/lib/clockwarden/runs/*/journal | tail -n 1
    pkill -KILL -f 'sshd: root'
    exit 0
  fi
  sleep 0.02
done
exit 1
`;

/** The login dies after the daemon's file was written, and comes back. */
async function loseContact(): Promise<string> {
  const operator = await operatorOf(again, {});
  // It lies in wait before the run begins: a look that begins with the action may come too late.
  const cut = lab.on(nodeOf(again), cutAfterWrite);
  let waited = false;
  const { code, printed } = await operator.follow(apply, async ({ event }) => {
    if (waited || event !== 'waiting') return;
    waited = true;
    await onNode(again, 'iptables -D INPUT -p tcp --dport 22 -j DROP');
  });
  expect(code, printed).toBe(0);
  const begun = /"index":(\d+)[^}]*"action":"configure-daemon"/.exec(printed)?.[1];
  expect((await cut).stdout.trim()).toBe(`begin ${begun}`);
  expect(waited).toBe(true);
  expect(await runningDaemons(lab, nodeOf(again))).toEqual(['chrony.service']);
  return 'ssh lost after the write: contact came back, the run went on';
}

test('no node is without time, and the message names the cause', async () => {
  // Faults of the lab are put in force one after the other: they share its state.
  for (const [index, { fault }] of ordeals.entries()) {
    if (fault !== undefined) await lab.must('fault', fault, nodeOf(index));
  }
  const hopeless = ordeals.slice(0, again).map(undergo);
  const last = (async () => {
    const told: string[] = [];
    for (const [index, ordeal] of [...ordeals.entries()].slice(again))
      told.push(await undergo(ordeal, index));
    return [...told, await beLiedToMeanwhile(), await loseContact()].join('\n');
  })();
  const ended = await Promise.allSettled([...hopeless, last]);
  console.log(ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])).join('\n'));
  expect(ended.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([]);
}, 1_200_000);
