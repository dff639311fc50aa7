/** A fresh node of RHEL's layout, where real dnf and rpm install chrony, with what it needs, and take it away again. */
import { TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { differences, nodeState, runningDaemons } from './node-state.ts';

const lab = new TestLab('dnf');
let operator: Operator;

const config = `name: dnf
nodes:
  - {name: node1, address: 10.99.0.11}
timesync:
  enabled: true
  mode: chrony
  topology: direct
  upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]
`;
const apply = 'clockwarden apply --yes --allow-backwards-step';

beforeAll(async () => {
  await lab.must('up', '--nodes', '1', '--image', 'el-like', '--clock', 'node1=+90s');
  operator = await Operator.at(lab);
  await operator.write('clockwarden.yaml', config);
  await onNode('rpm -e chrony lab-library && rm -rf /etc/chrony* /var/lib/chrony/* /var/cache/dnf');
});

afterAll(async () => {
  await lab.remove();
  await operator?.remove();
});

async function onNode(script: string): Promise<string> {
  const outcome = await lab.on('node1', script);
  expect(outcome.code, `${script}\n${outcome.stderr}`).toBe(0);
  return outcome.stdout;
}

async function must(command: string, code = 0): Promise<string> {
  const outcome = await operator.run(command);
  const printed = `${outcome.stdout}\n${outcome.stderr}`;
  expect(outcome.code, `$ ${command}\n${printed}`).toBe(code);
  return printed;
}

const repositories = '/etc/yum.repos.d/lab.repo';

test.each([
  ['no repository answers', `sed -i s,/usr/share/,/nowhere/, ${repositories}`, 'its mirror does not answer'],
  [
    'no repository has chrony',
    `echo excludepkgs=chrony >>${repositories}`,
    'No repository of the node has chrony',
  ],
])('where %s, nothing is changed, and the message says so', async (_, breakIt, message) => {
  const before = await nodeState(lab, 'node1');
  await onNode(`cp -p ${repositories} /root && ${breakIt}`);
  const printed = await must(apply, 1);
  await onNode(`cp -p /root/lab.repo ${repositories}`);
  expect(printed).toContain(message);
  expect(differences(before, await nodeState(lab, 'node1'))).toEqual([]);
});

test('chrony comes with what it needs, tells the time, and both go again', async () => {
  const before = await nodeState(lab, 'node1');
  await must(apply);
  await must('clockwarden verify --wait 5m');
  expect(await onNode('rpm -q --qf "%{NAME} " chrony lab-library')).toBe('chrony lab-library ');
  expect(await runningDaemons(lab, 'node1')).toEqual(['chronyd.service']);
  const truth = await lab.truth();
  expect(Math.abs(truth.node1?.offsetSeconds ?? Number.NaN)).toBeLessThan(0.1);
  await must('clockwarden plan');

  await must('clockwarden rollback --yes');
  expect(differences(before, await nodeState(lab, 'node1'))).toEqual([]);
});
