/** Who operates, on a real node: a login whose sudo wants a password, a second operator at another machine, and how far back. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Operator, type Outcome } from '../operator.ts';
import { differences, nodeState, runningDaemons } from './node-state.ts';

const lab = new TestLab('operators');
const password = 'hörse und "Wagen"';
let ann: Operator;
let bob: Operator;
let stopped: ChildProcess | undefined;

const prepare = `
set -e
apt-get -q update
DEBIAN_FRONTEND=noninteractive apt-get -q -y install sudo
useradd -m -s /bin/sh -G sudo ops
echo 'ops:${password}' | chpasswd
cp -r /root/.ssh /home/ops/
chown -R ops:ops /home/ops/.ssh
`;

beforeAll(async () => {
  await lab.must('up', '--nodes', '1', '--image', 'timesyncd');
  const prepared = await lab.on('node1', prepare);
  expect(prepared.code, prepared.stderr).toBe(0);
  [ann, bob] = await Promise.all([Operator.at(lab), Operator.at(lab)]);
});

afterAll(async () => {
  stopped?.kill('SIGKILL');
  await lab.remove();
  await Promise.all([ann?.remove(), bob?.remove()]);
});

function config(timezone: string, user: string): string {
  return `name: operators
nodes: [{name: node1, address: 10.99.0.11, ssh: {user: ${user}}}]
timezone: ${timezone}
timesync: {enabled: true, mode: chrony, topology: direct, upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]}
`;
}

async function must(operator: Operator, command: string, code = 0): Promise<Outcome> {
  const outcome = await operator.run(command);
  expect(outcome.code, `$ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toBe(code);
  return outcome;
}

/** The answer is typed when the question stands there. */
async function answering(operator: Operator, command: string, question: string, answer: string) {
  const child = operator.startAtTerminal(command);
  let seen = '';
  let isAsked = false;
  child.stdout?.on('data', (bytes: Buffer) => {
    seen += bytes.toString();
    if (isAsked || !seen.includes(question)) return;
    isAsked = true;
    child.stdin?.write(`${answer}\r`);
  });
  const [code] = await once(child, 'close');
  return { code, seen };
}

test('a password for sudo, a second operator, another machine, and back to any run', async () => {
  const before = await nodeState(lab, 'node1');

  // A password that is asked for, once.
  await ann.write('clockwarden.yaml', config('Etc/UTC', 'ops'));
  const apply = 'clockwarden apply --yes --ask-sudo-password';
  const question = 'Password for sudo on the nodes';
  const refused = await answering(ann, apply, question, 'wrong');
  expect(refused.seen).toContain('sudo on ops@10.99.0.11 does not accept the password.');
  expect(refused.code).toBe(3);
  expect(differences(before, await nodeState(lab, 'node1'))).toEqual([]);
  const applied = await answering(ann, apply, question, password);
  expect(applied.code, applied.seen).toBe(0);
  expect(applied.seen).not.toContain(password);
  expect((await ann.run(`grep -rF '${password}' .`)).code).toBe(1);
  expect((await lab.on('node1', `grep -rqF '${password}' /var/lib/clockwarden /var/log /tmp`)).code).toBe(1);
  expect(await runningDaemons(lab, 'node1')).toEqual(['chrony.service']);
  const afterFirst = await nodeState(lab, 'node1');

  // Ann's machine stands still in the middle of her second run.
  for (const operator of [ann, bob]) {
    await operator.write('clockwarden.yaml', config('Asia/Shanghai', 'root'));
  }
  const run = ann.start('SUDO_USER=ann exec clockwarden apply --yes --json');
  stopped = run;
  const ended = once(run, 'close');
  let seen = '';
  let isStopped = false;
  run.stdout?.on('data', (bytes: Buffer) => {
    seen += bytes.toString();
    if (!isStopped && seen.includes('"state":"begun"')) isStopped = run.kill('SIGSTOP');
  });
  await eventually(async () => isStopped, 'an action of her run begins', 240_000);

  // Bob is told whose it is, and takes over on a machine that knows nothing of it.
  const told = await must(bob, 'SUDO_USER=bob clockwarden apply --yes --json', 1);
  expect(JSON.parse(told.stdout)).toMatchObject({
    event: 'refused',
    nodes: [{ node: 'node1', code: 'locked', text: expect.stringMatching(/Held by ann@\S+ since 20/) }],
  });
  await must(bob, 'SUDO_USER=bob clockwarden apply --continue --take-over --yes');
  await must(bob, 'clockwarden verify --wait 5m');
  const afterSecond = await nodeState(lab, 'node1');
  expect(differences(afterFirst, afterSecond).join('\n')).toContain('Asia/Shanghai');

  // Ann comes back, learns it, and changes nothing any more.
  run.kill('SIGCONT');
  const [code] = await ended;
  expect(code, seen).toBe(3);
  expect(seen).toContain(
    'node1","progress":"lost","text":"root@10.99.0.11 is not held by this run any more."',
  );
  expect(differences(afterSecond, await nodeState(lab, 'node1'))).toEqual([]);

  // Back to the first run, then to before all of them.
  await must(bob, 'clockwarden rollback --to 1 --yes');
  expect(differences(afterFirst, await nodeState(lab, 'node1'))).toEqual([]);
  await must(bob, 'clockwarden rollback --to 0 --yes');
  expect(differences(before, await nodeState(lab, 'node1'))).toEqual([]);
}, 1_200_000);
