/**
 * Nodes of every flavour, their clocks scattered over ±3 days, are given each topology: they converge, `verify` agrees with
 * the lab's truth, a second plan is empty, and a rollback returns everything to the byte.
 */
import { flavours } from '@clockwarden/lab/flavours';
import { TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { differences, nodeState, runningDaemons } from './node-state.ts';

const lab = new TestLab('convergence');
const nodes = flavours.map((_, index) => `node${index + 1}`);
let operator: Operator;
let before: readonly (readonly string[])[];

/** The servers: one has the daemon already, one none, and one has a firewall that keeps the others out. */
const servers = ['chrony', 'bare', 'el-like'];

/** Of each node in seconds; the leader of an island (the first) has the time that the others get. */
const scatter = [-7_200.5, 259_200, -259_200, 0.3, -86_400.25, 3.7, 172_800];

interface Wanted {
  readonly topology: 'direct' | 'hierarchy' | 'island';
  readonly mode: 'chrony' | 'timesyncd';
}

const cases: Readonly<Record<string, Wanted>> = {
  direct: { topology: 'direct', mode: 'chrony' },
  'direct, by timesyncd where there is one': { topology: 'direct', mode: 'timesyncd' },
  hierarchy: { topology: 'hierarchy', mode: 'chrony' },
  island: { topology: 'island', mode: 'chrony' },
};

beforeAll(async () => {
  await lab.must('up', '--nodes', String(nodes.length), '--image', 'mixed', '--sources', 'debian');
  operator = await Operator.at(lab);
  before = await states();
});

afterAll(async () => {
  await lab.remove();
  await operator?.remove();
});

const states = (): Promise<readonly (readonly string[])[]> =>
  Promise.all(nodes.map((node) => nodeState(lab, node)));

async function must(command: string): Promise<string> {
  const outcome = await operator.run(command);
  expect(outcome.code, `$ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toBe(0);
  return outcome.stdout;
}

async function scatterClocks(): Promise<void> {
  const truth = await lab.truth();
  await Promise.all(
    nodes.map(async (node, index) => {
      const step = (scatter[index] ?? 0) - (truth[node]?.offsetSeconds ?? 0);
      const outcome = await lab.on(node, `/usr/lib/lab/step-clock ${step.toFixed(9)}`);
      expect(outcome.code, outcome.stderr).toBe(0);
    }),
  );
}

/** Which have no timesyncd. */
const isRedHat = (flavour: string): boolean => flavour === 'el-like';

function daemonOf(flavour: string, { mode }: Wanted): string {
  if (isRedHat(flavour)) return 'chronyd.service';
  return mode === 'chrony' ? 'chrony.service' : 'systemd-timesyncd.service';
}

function config({ topology, mode }: Wanted): string {
  const list = flavours.map(({ name }, index) => {
    // Without servers all nodes are workers, which are changed at once.
    const role = topology !== 'direct' && servers.includes(name) ? 'control-plane' : 'worker';
    const override = mode === 'timesyncd' && isRedHat(name) ? ', timesync: {mode: chrony}' : '';
    return `  - {name: ${nodes[index]}, address: 10.99.0.${11 + index}, roles: [${role}]${override}}`;
  });
  return `name: convergence
nodes:
${list.join('\n')}
timezone: Asia/Shanghai
timesync:
  enabled: true
  mode: ${mode}
  topology: ${topology}
  upstreams: [${topology === 'island' ? '' : '10.99.0.201, 10.99.0.202, 10.99.0.203'}]
  allow: [${topology === 'direct' ? '' : '10.99.0.0/16'}]
`;
}

describe.each(Object.entries(cases))('%s', (_, wanted) => {
  const isIsland = wanted.topology === 'island';

  test('every flavour converges, a second plan is empty, and it all goes back', async () => {
    await scatterClocks();
    await operator.write('clockwarden.yaml', config(wanted));
    const consent = '--yes --batch 100% --max-step 7d --allow-step --allow-backwards-step';
    await must(`clockwarden apply ${consent}`);
    await must('clockwarden verify --wait 8m');
    expect(await Promise.all(nodes.map((node) => runningDaemons(lab, node)))).toEqual(
      flavours.map(({ name }) => [daemonOf(name, wanted)]),
    );

    const truth = await lab.truth();
    const offsets = nodes.map((node) => truth[node]?.offsetSeconds ?? Number.NaN);
    const [leader = 0] = offsets;
    for (const [index, offset] of offsets.entries()) {
      const error = isIsland ? offset - leader : offset;
      expect(Math.abs(error), `${nodes[index]}: ${offset} s`).toBeLessThan(0.1);
    }
    if (isIsland) expect(leader).toBeCloseTo(scatter[0] ?? 0, 0);

    await must('clockwarden plan');
    await must('clockwarden rollback --yes');
    const after = await states();
    expect(nodes.map((_, index) => differences(before[index] ?? [], after[index] ?? []))).toEqual(
      nodes.map(() => []),
    );
    // Each of the four commands may take the ten minutes that Operator allows.
  }, 2_700_000);
});
