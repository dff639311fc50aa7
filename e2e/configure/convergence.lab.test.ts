/**
 * Nodes of every flavour, their clocks scattered over ±3 days, are given each topology: they converge, `verify` agrees with
 * the lab's truth, a second plan is empty, and a rollback returns everything to the byte.
 */
import { flavours } from '@clockwarden/lab/flavours';
import { TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { differences, nodeState } from './node-state.ts';

const lab = new TestLab('convergence');
const nodes = flavours.map((_, index) => `node${index + 1}`);
let operator: Operator;
const before = new Map<string, readonly string[]>();

/** Of each node in seconds; the leader of an island (the first) has the time that the others get. */
const scatter = [-7_200.5, 259_200, -259_200, 0.3, -86_400.25, 3.7, 172_800];

const topologies: Readonly<Record<string, string>> = {
  direct: 'topology: direct\n  upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]',
  hierarchy:
    'topology: hierarchy\n  upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]\n  allow: [10.99.0.0/16]',
  island: 'topology: island\n  allow: [10.99.0.0/16]',
};

beforeAll(async () => {
  const count = String(nodes.length);
  await lab.must('up', '--nodes', count, '--control-plane', '3', '--image', 'mixed', '--sources', 'debian');
  operator = await Operator.at(lab);
  for (const node of nodes) before.set(node, await nodeState(lab, node));
});

afterAll(async () => {
  await operator.remove();
  await lab.remove();
});

async function must(command: string): Promise<string> {
  const outcome = await operator.run(command);
  expect(outcome.code, `$ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toBe(0);
  return outcome.stdout;
}

async function scatterClocks(): Promise<void> {
  const truth = await lab.truth();
  for (const [index, node] of nodes.entries()) {
    const step = (scatter[index] ?? 0) - (truth[node]?.offsetSeconds ?? 0);
    const outcome = await lab.on(node, `/usr/lib/lab/step-clock ${step.toFixed(9)}`);
    expect(outcome.code, outcome.stderr).toBe(0);
  }
}

function config(timesync: string): string {
  const list = nodes.map((name, index) => {
    const roles = index < 3 ? 'control-plane' : 'worker';
    return `  - {name: ${name}, address: 10.99.0.${11 + index}, roles: [${roles}]}`;
  });
  return `name: convergence
nodes:
${list.join('\n')}
timezone: Asia/Shanghai
timesync:
  enabled: true
  mode: chrony
  ${timesync}
`;
}

describe.each(Object.entries(topologies))('%s', (topology, timesync) => {
  test('every flavour converges, a second plan is empty, and it all goes back', async () => {
    await scatterClocks();
    await operator.write('clockwarden.yaml', config(timesync));
    const consent = '--yes --batch 100% --max-step 7d --allow-step --allow-backwards-step';
    await must(`clockwarden apply ${consent}`);
    await must('clockwarden verify --wait 10m');

    const truth = await lab.truth();
    const offsets = nodes.map((node) => truth[node]?.offsetSeconds ?? Number.NaN);
    const [leader = 0] = offsets;
    for (const [index, offset] of offsets.entries()) {
      const error = topology === 'island' ? offset - leader : offset;
      expect(Math.abs(error), `${nodes[index]}: ${offset} s`).toBeLessThan(0.1);
    }
    if (topology === 'island') expect(leader).toBeCloseTo(scatter[0] ?? 0, 0);

    await must('clockwarden plan');
    await must('clockwarden rollback --yes');
    for (const node of nodes) {
      expect(differences(before.get(node) ?? [], await nodeState(lab, node)), node).toEqual([]);
    }
  }, 1_200_000);
});
