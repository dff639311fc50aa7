/** A run that ends before its last node: at a node that cannot be verified, or because its operator wants it to. */
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { differences, nodeState, runningDaemons } from './node-state.ts';

const lab = new TestLab('halt');
const nodes = ['node1', 'node2', 'node3', 'node4', 'node5'] as const;
let operator: Operator;

beforeAll(async () => {
  await lab.must('up', '--nodes', String(nodes.length), '--image', 'timesyncd');
  operator = await Operator.at(lab);
  await operator.write('clockwarden.yaml', config('Asia/Shanghai', '10.99.0.201, 10.99.0.202, 10.99.0.203'));
});

afterAll(async () => {
  await lab.remove();
  await operator?.remove();
});

function config(timezone: string, upstreams: string): string {
  const list = nodes.map((name, index) => `  - {name: ${name}, address: 10.99.0.${11 + index}}`);
  return `name: halt
nodes:
${list.join('\n')}
timezone: ${timezone}
timesync: {enabled: true, mode: chrony, topology: direct, upstreams: [${upstreams}]}
`;
}

/** Node by node; a node that gets no answer has no chance in that time, and the others need a third of it. */
const apply = 'clockwarden apply --yes --batch 1 --verify-timeout 40s';

async function must(command: string, code = 0): Promise<string> {
  const { code: found, stdout, stderr } = await operator.run(command);
  expect(found, `$ ${command}\n${stdout}\n${stderr}`).toBe(code);
  return `${stdout}\n${stderr}`;
}

/** At a terminal, where each key is pressed when the words before it are seen, once. */
async function atTerminal(command: string, ...keys: readonly (readonly [RegExp, string])[]) {
  const child = operator.startAtTerminal(command);
  const left = [...keys];
  let seen = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    seen += stripVTControlCharacters(bytes.toString());
    const [next] = left;
    if (next === undefined || !next[0].test(seen)) return;
    left.shift();
    child.stdin?.write(next[1]);
  });
  const [code] = await once(child, 'close');
  expect(left, seen).toEqual([]);
  return { code, seen };
}

const CTRL_C = '\u0003';

async function untouched(before: ReadonlyMap<string, readonly string[]>): Promise<void> {
  for (const [node, state] of before)
    expect(differences(state, await nodeState(lab, node)), node).toEqual([]);
}

async function statesOf(...names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const states = await Promise.all(names.map((name) => nodeState(lab, name)));
  return new Map(names.map((name, index) => [name, states[index] ?? []]));
}

/** The daemon that was wanted, with a file that it takes. */
async function keepsTime(node: string): Promise<void> {
  expect(await runningDaemons(lab, node), node).toEqual(['chrony.service']);
  const checked = await lab.on(node, 'chronyd -p -f /etc/chrony/chrony.conf');
  expect(checked.code, `${node}: ${checked.stderr}`).toBe(0);
}

/** Of its newest run. */
async function lastJournalled(node: string): Promise<string> {
  return (await lab.on(node, 'cat /var/lib/clockwarden/runs/*/journal | tail -n 1')).stdout.trim();
}

const three = '--nodes node1,node2,node3';

test('the first node that is not verified is put back, and ends the run before the next', async () => {
  await lab.must('fault', 'ntp-drop', 'node2');
  const before = await statesOf('node2', 'node3');
  const printed = await must(`${apply} ${three}`, 1);
  // Not at a terminal: plain lines.
  expect(stripVTControlCharacters(printed)).toBe(printed);
  expect(printed).toMatch(
    /^▲ node2 {2}being put back: Not verified in time\. It waits for: An answer on UDP 123 from 10\.99\.0\.201/m,
  );
  expect(printed).toMatch(/^Halted\. No further node was begun\.$/m);
  expect(printed).toMatch(/^ *✔ done: node1 \(1\)$/m);
  expect(printed).toMatch(/^ *▲ failed, and is what it was before: node2 \(1\)$/m);
  expect(printed).toMatch(/^ *· untouched: node3 \(1\)$/m);
  await untouched(before);
  await keepsTime('node1');
});

test('so many failures as are borne do not end it; all nodes are seen with what they wait for', async () => {
  const before = await statesOf('node2');
  const { code, seen } = await atTerminal(`${apply} ${three} --max-failures 1`);
  expect(code, seen).toBe(1);
  expect(seen).toMatch(/… node2 {2}being verified: An answer on UDP 123 from [^\r]*\r\n {2}then node3\r\n/);
  expect(seen).toMatch(
    /▲ node2 {2}being put back: Not verified in time\. It waits for: An answer on UDP 123/,
  );
  expect(seen).toContain('Ended, and not every node is as it should be.');
  expect(seen).toContain('failed, and is what it was before: node2 (1)');
  await untouched(before);
  await keepsTime('node3');
});

test('once its cause is gone the same command completes', async () => {
  await lab.must('fault', '--undo', 'all');
  const printed = await must(`${apply} ${three}`);
  expect(printed).toMatch(/^ *✔ done: node2 \(1\)$/m);
  await keepsTime('node2');
});

test('Ctrl-C lets the action under way end, and says where it stands', async () => {
  const before = await statesOf('node5');
  const { code, seen } = await atTerminal(apply, [/node4 {2}being changed: \d\/\d install chrony/, CTRL_C]);
  expect(code, seen).toBe(130);
  expect(seen).toContain('Stopping: what is under way ends first.');
  expect(seen).toContain('stopped in between: node4 (1)');
  expect(seen).toContain('untouched: node5 (1)');
  expect(seen).toContain('clockwarden apply --continue');
  expect(await lastJournalled('node4')).toBe('done 1');
  await keepsTime('node4');
  await untouched(before);

  await must('clockwarden apply --continue --yes --batch 100%');
  await must('clockwarden plan');
});

test('a second Ctrl-C ends at once; the node ends its action alone, and the run goes on later', async () => {
  await operator.write('clockwarden.yaml', config('Etc/UTC', '10.99.0.201, 10.99.0.202'));
  const { code, seen } = await atTerminal(
    apply,
    [/node1 {2}being changed: 1\/\d write \/etc\/chrony/, CTRL_C],
    [/Stopping: /, CTRL_C],
  );
  expect(code, seen).toBe(130);
  expect(seen).not.toContain('stopped in between');
  const isFree = 'test ! -L /var/lib/clockwarden/lock';
  await eventually(async () => (await lab.on('node1', isFree)).code === 0, 'its agent has ended', 120_000);
  expect(await lastJournalled('node1')).toBe('done 0');
  await keepsTime('node1');

  await must('clockwarden apply --continue --yes --batch 100%');
  await must('clockwarden plan');
});
