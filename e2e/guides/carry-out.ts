/** Carries out guides as they are written, each on a fresh cluster of its own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TestLab } from '@clockwarden/lab/testing';
import { afterEach, expect, test } from 'vitest';
import { Operator } from '../operator.ts';
import type { Clusters } from './clusters.ts';
import { type GuideStep, stepsOf } from './guide.ts';

const guides = join(import.meta.dirname, '../../docs/guides');

let lab: TestLab | undefined;
let operator: Operator | undefined;

async function carryOut(step: GuideStep, at: Operator): Promise<void> {
  if (step.kind === 'file') return at.write(step.name, step.content);
  for (const [index, command] of step.commands.entries()) {
    const wanted = index === step.commands.length - 1 ? step.exitCode : 0;
    const outcome = step.node === null ? await at.run(command) : await at.lab.on(step.node, command);
    expect(outcome.code, `$ ${command}\n${outcome.stdout}\n${outcome.stderr}`).toBe(wanted);
  }
}

/**
 * Makes a test of each guide.
 * @param begin what the guide takes for granted about its cluster
 */
export function testGuides(clusters: Clusters, begin?: (lab: TestLab) => Promise<void>): void {
  afterEach(async () => {
    await operator?.remove();
    await lab?.remove();
    lab = undefined;
    operator = undefined;
  });

  test.each(Object.entries(clusters))('%s', async (name, up) => {
    const guide = await readFile(join(guides, `${name}.md`), 'utf8');
    lab = new TestLab('guide');
    await lab.must('up', ...up);
    await begin?.(lab);
    operator = await Operator.at(lab);
    for (const step of stepsOf(guide)) await carryOut(step, operator);
  });
}
