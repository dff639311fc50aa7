/** What was measured, against what is wanted. */
import type { Cost } from './measure.ts';

/** The same task by both, at one key exchange; `unchanged`: once more, with nothing left to do. */
export interface Pair {
  readonly keyExchange: string;
  readonly kind: 'first' | 'unchanged';
  readonly clockwarden: Cost;
  readonly ansible: Cost;
}

/** The facts of many addresses, and as many logins that do nothing. */
export interface Round {
  readonly keyExchange: string;
  readonly addresses: number;
  readonly plan: Cost;
  readonly bare: Cost;
}

interface Row {
  readonly what: string;
  readonly keyExchange: string;
  readonly ours: string;
  readonly theirs: string;
  /** Theirs / ours for the comparison with Ansible, ours / theirs for the bare logins. */
  readonly ratio: number;
  readonly goal: string;
  readonly met: boolean | null;
}

/** How many times better than Ansible: wall time, CPU of the operator's side, memory. */
const goals = {
  default: { seconds: { first: 18, unchanged: 20 }, cpu: 8 },
  'curve25519-sha256': { seconds: { first: 40, unchanged: 45 }, cpu: 40 },
} as const;
const MEMORY_GOAL = 6;
const FACTS_GOAL = 1.3;

export function comparisons(pairs: readonly Pair[]): readonly Row[] {
  return pairs.flatMap(({ keyExchange, kind, clockwarden, ansible }) => {
    const { seconds, cpu } = goals[keyExchange as keyof typeof goals];
    const run = kind === 'first' ? 'configure' : 'nothing to change';
    const row = (what: string, unit: string, pick: (cost: Cost) => number, goal: number | null): Row => {
      const ratio = pick(ansible) / pick(clockwarden);
      return {
        what: `${run}: ${what}`,
        keyExchange,
        ours: `${rounded(pick(clockwarden))} ${unit}`,
        theirs: `${rounded(pick(ansible))} ${unit}`,
        ratio,
        goal: goal === null ? '' : `≥ ${goal}`,
        met: goal === null ? null : ratio >= goal,
      };
    };
    return [
      row('time', 's', (cost) => cost.seconds, seconds[kind]),
      row("operator's CPU", 's', (cost) => cost.cpuSeconds, kind === 'first' ? cpu : null),
      ...(clockwarden.peakBytes === null
        ? []
        : [row('peak memory', 'MiB', mebibytes, kind === 'first' ? MEMORY_GOAL : null)]),
    ];
  });
}

function mebibytes({ peakBytes }: Cost): number {
  return (peakBytes ?? Number.NaN) / 2 ** 20;
}

export function rounds(all: readonly Round[]): readonly Row[] {
  return all.flatMap(({ keyExchange, addresses, plan, bare }) => {
    const row = (what: string, pick: (cost: Cost) => number, goal: number | null): Row => {
      const ratio = pick(plan) / pick(bare);
      return {
        what: `facts of ${addresses}, against ssh true: ${what}`,
        keyExchange,
        ours: `${rounded(pick(plan))} s`,
        theirs: `${rounded(pick(bare))} s`,
        ratio,
        goal: goal === null ? '' : `≤ ${goal}`,
        met: goal === null ? null : ratio <= goal,
      };
    };
    return [
      row('time', (cost) => cost.seconds, FACTS_GOAL),
      row("operator's CPU", (cost) => cost.cpuSeconds, null),
    ];
  });
}

function rounded(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}

export function printTable(title: string, rows: readonly Row[]): void {
  const cells = rows.map(({ what, keyExchange, ours, theirs, ratio, goal, met }) => [
    what,
    keyExchange,
    ours,
    theirs,
    rounded(ratio),
    goal,
    met === null ? '' : met ? 'met' : 'not met',
  ]);
  for (const line of [
    [title, 'key exchange', 'Clockwarden', 'Ansible / ssh', 'ratio', 'goal', 'met'],
    ['---', '---', '---', '---', '---', '---', '---'],
    ...cells,
  ])
    console.log(`| ${line.join(' | ')} |`);
}
