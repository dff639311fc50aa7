/** The near end: what is on the node, and what runs there. */
import { type Text, text } from '../text/index.ts';
import type { OutcomeCheck, OutcomeEvidence } from './outcome.ts';

export function writtenCheck({ missing, design }: OutcomeEvidence): OutcomeCheck | null {
  if (design.adopted || missing === null) return null;
  const [first] = missing;
  return {
    code: 'written',
    holds: first === undefined,
    text: first ?? text('Everything is there as it was designed.', '所有内容均与方案一致。'),
  };
}

/** One daemon, the right one. Guest tools set a clock now and then, which `lint` and `plan` tell of. */
export function daemonChecks({ assessment, design }: OutcomeEvidence): readonly OutcomeCheck[] {
  const daemons = assessment.observation.facts.daemons?.value ?? null;
  if (daemons === null) return [];
  const running = daemons.filter(({ running: runs, kind }) => runs && kind !== 'vm-tools');
  const names = running.map(({ kind }) => kind).join(', ');
  const wanted = design.adopted ? running.length > 0 : running.some(({ kind }) => kind === design.daemon);
  const contest = assessment.reasons.find(({ code }) => code === 'several-daemons');
  return [
    {
      code: 'running',
      holds: wanted,
      text: wanted ? runs(names) : runsNot(design.adopted ? null : design.daemon, names),
    },
    ...(contest === undefined ? [] : [{ code: 'alone' as const, holds: false, text: contest.text }]),
  ];
}

function runs(names: string): Text {
  return text(`${names} runs.`, `${names} 正在运行。`);
}

function runsNot(wanted: string | null, names: string): Text {
  if (wanted === null) return text('No time daemon runs.', '没有运行任何时间守护进程。');
  return names === ''
    ? text(`${wanted} does not run.`, `${wanted} 没有运行。`)
    : text(`${wanted} does not run, but ${names} does.`, `${wanted} 没有运行，运行的是 ${names}。`);
}
