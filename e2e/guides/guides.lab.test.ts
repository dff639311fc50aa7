/** Carries out every guide as it is written, each on a fresh cluster of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { expect, onTestFinished, test } from 'vitest';
import { Operator } from '../operator.ts';
import { clusters } from './clusters.ts';
import { type GuideStep, stepsOf } from './guide.ts';

/** Guides that begin with a healthy cluster: a moment after a boot the kernel does not call its clock synchronized yet. */
const healthyAtFirst = ['take-over-chrony'];

const directory = join(import.meta.dirname, '../../docs/guides');
test.each(Object.entries(clusters))('%s', async (guide, cluster) => {
  const lab = new TestLab('guide');
  // Also when the time is up, which ends no test that waits.
  onTestFinished(() => lab.remove());
  await lab.must('up', ...cluster);
  if (healthyAtFirst.includes(guide)) await untilSynchronized(lab);
  const operator = await Operator.at(lab);
  onTestFinished(() => operator.remove());
  const markdown = await readFile(join(directory, `${guide}.md`), 'utf8');
  for (const step of stepsOf(markdown)) await carryOut(step, operator);
});

async function untilSynchronized(lab: TestLab): Promise<void> {
  for (const node of Object.keys(await lab.truth())) {
    const ask = 'timedatectl show -p NTPSynchronized --value';
    const synchronized = async () => (await lab.on(node, ask)).stdout.trim() === 'yes';
    await eventually(synchronized, `${node} is synchronized`);
  }
}

async function carryOut(step: GuideStep, at: Operator): Promise<void> {
  if (step.kind === 'file') return at.write(step.name, step.content);
  for (const [index, command] of step.commands.entries()) {
    const wanted = index === step.commands.length - 1 ? step.exitCode : 0;
    const outcome = step.node === null ? await at.run(command) : await at.lab.on(step.node, command);
    expect(outcome.code, `$ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toBe(wanted);
  }
}
