/** Every guide is carried out as it is written, on a fresh cluster of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestLab } from '@clockwarden/lab/testing';
import { afterEach, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import { type GuideStep, stepsOf } from './guide.ts';

const guides = join(import.meta.dirname, '../../docs/guides');

/** The cluster that each guide is about, as arguments of `lab up`; addresses are 10.99.0.11 and on. */
const clusters: Readonly<Record<string, readonly string[]>> = {
  'before-installing-kubernetes': [
    '--nodes=3',
    '--control-plane=1',
    '--image=timesyncd',
    '--sources=debian',
    '--clock=node2=+90s,node3=-2d',
  ],
  'air-gapped': ['--nodes=3', '--image=timesyncd,chrony', '--sources=debian', '--clock=node2=+20s,node3=-1h'],
  'from-kubeasz': ['--nodes=3', '--image=bare'],
  'take-over-chrony': ['--nodes=3', '--image=chrony'],
  'servers-on-the-control-plane': ['--nodes=4', '--control-plane=3', '--image=chrony,timesyncd'],
  undo: ['--nodes=2', '--image=timesyncd'],
};

let lab: TestLab | undefined;
let operator: Operator | undefined;

afterEach(async () => {
  await operator?.remove();
  await lab?.remove();
  lab = undefined;
  operator = undefined;
});

async function carryOut(step: GuideStep, at: Operator): Promise<void> {
  if (step.kind === 'file') return at.write(step.name, step.content);
  for (const [index, command] of step.commands.entries()) {
    const wanted = index === step.commands.length - 1 ? step.exitCode : 0;
    const outcome = step.node === null ? await at.run(command) : await at.lab.on(step.node, command);
    expect(outcome.code, `$ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toBe(wanted);
  }
}

test.each(Object.entries(clusters))('%s', async (name, up) => {
  const guide = await readFile(join(guides, `${name}.md`), 'utf8');
  lab = new TestLab('guide');
  await lab.must('up', ...up);
  operator = await Operator.at(lab);
  for (const step of stepsOf(guide)) await carryOut(step, operator);
});
