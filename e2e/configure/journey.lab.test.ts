/** What a person does on the first day: look, let it happen, look again, change their mind. */
import { TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { Operator, type Outcome } from '../operator.ts';
import { differences, nodeState } from './node-state.ts';

const lab = new TestLab('journey');
const nodes = ['node1', 'node2', 'node3'] as const;
let operator: Operator;

const config = `name: journey
inventory: ${lab.directory}/hosts
timezone: Asia/Shanghai
timesync:
  enabled: true
  mode: chrony
  topology: hierarchy
  upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]
  servers: [node1]
  allow: [10.99.0.0/24]
`;

beforeAll(async () => {
  await lab.must('up', '--nodes', '3', '--control-plane', '1', '--image', 'timesyncd,chrony,bare');
  operator = await Operator.at(lab);
  await operator.write('clockwarden.yaml', config);
});

afterAll(async () => {
  await lab.remove();
  await operator?.remove();
});

async function must(command: string, code = 0): Promise<Outcome> {
  const outcome = await operator.run(command);
  expect(outcome.code, `$ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toBe(code);
  return outcome;
}

const event = z.looseObject({ event: z.string() });

function eventsOf({ stdout, stderr }: Outcome): readonly z.infer<typeof event>[] {
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => event.parse(JSON.parse(line)));
}

async function states(): Promise<readonly (readonly string[])[]> {
  return Promise.all(nodes.map((node) => nodeState(lab, node)));
}

const document = z.object({
  nodes: z.array(z.object({ name: z.string(), seen: z.unknown(), actions: z.unknown() })),
});

/** What the plan rests on and would do; clocks move by themselves, and a package list may be newer. */
async function planned(code: number): Promise<unknown> {
  const { stdout } = await must('clockwarden plan --json', code);
  return document.parse(JSON.parse(stdout));
}

test('plan, apply, verify, an empty plan, rollback, and the plan is as before', async () => {
  const before = await states();
  const plan = await planned(1);
  await must('clockwarden plan --out plan.json', 1);

  // A node that changed since stops it on all of them.
  await lab.on('node3', 'echo Europe/Berlin >/etc/timezone');
  const refused = eventsOf(await must('clockwarden apply plan.json --yes --json', 1));
  expect(refused).toMatchObject([{ event: 'refused', nodes: [{ node: 'node3', code: 'changed' }] }]);
  await lab.on('node3', 'echo Etc/UTC >/etc/timezone');
  expect((await states()).map((state, index) => differences(before[index] ?? [], state))).toEqual([
    [],
    [],
    [],
  ]);

  const applied = eventsOf(
    await must('clockwarden apply plan.json --yes --allow-step --allow-backwards-step --json'),
  );
  expect(applied.at(-1)).toMatchObject({ event: 'run-ended', result: 'done' });
  const ends = applied.flatMap((one) => (one.event === 'node' && one.progress === 'done' ? [one.node] : []));
  expect(ends).toEqual(['node1', 'node2', 'node3']);

  await must('clockwarden verify --wait 5m');
  await planned(0);
  expect(eventsOf(await must('clockwarden apply plan.json --yes --json'))).toMatchObject([
    { event: 'nothing-to-do', at: expect.any(String) },
  ]);

  await must('clockwarden rollback --yes');
  expect((await states()).map((state, index) => differences(before[index] ?? [], state))).toEqual([
    [],
    [],
    [],
  ]);
  expect(await planned(1)).toEqual(plan);
  const history = JSON.parse((await must('clockwarden history --json')).stdout);
  expect(history.runs).toMatchObject([
    { number: 1, kind: 'apply', state: 'rolled-back' },
    { number: 2, kind: 'rollback', state: 'done' },
  ]);
}, 1_200_000);
