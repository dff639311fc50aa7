import { parseAmount } from '../cluster/plan.ts';
import { LabProblem } from '../problem.ts';
import { setOffset, stepBy } from '../truth/set-offset.ts';
import { measureTruth } from '../truth/truth.ts';
import type { NodeFault } from './fault.ts';

export const step: NodeFault = {
  name: 'step',
  target: 'node',
  summary: 'step the clock by an amount; undo puts it where it stood against the host’s',
  settings: { by: { summary: 'how far, such as +90s, -3d, 1.5ms, -40y' } },
  apply: async ({ node, settings }) => {
    const before = await measureTruth(node.wire);
    if (!before) throw new LabProblem(`${node.name} does not answer.`);
    await stepBy(node, parseAmount(settings.by ?? ''));
    return before.offsetNs;
  },
  undo: async ({ node }, memory) => setOffset(node, BigInt(memory)),
};

export const rate: NodeFault = {
  name: 'rate',
  target: 'node',
  summary: 'let the clock run fast or slow; a daemon that disciplines the clock will overwrite it',
  settings: { ppm: { summary: 'parts per million, -100000 to 100000, positive is fast' } },
  apply: async ({ onNode, settings }) => {
    const ppm = Number(settings.ppm);
    if (!Number.isFinite(ppm) || Math.abs(ppm) > 100_000)
      throw new LabProblem('ppm must be -100000 to 100000.');
    return (await onNode(`/usr/lib/lab/clock-rate ${ppm.toFixed(3)}`)).trim();
  },
  undo: async ({ onNode }, memory) => {
    await onNode(`/usr/lib/lab/clock-rate ${memory}`);
  },
};
