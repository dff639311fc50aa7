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
  readonly gather: Cost;
  /** `clockwarden plan`, which measures every clock as well, over the same connections. */
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
      row("the hosts' CPU", 's', (cost) => cost.hostsCpuSeconds, null),
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
  return all.flatMap(({ keyExchange, addresses, gather, plan, bare }) => {
    const row = (what: string, of: Cost, pick: (cost: Cost) => number, goal: number | null = null): Row => {
      const ratio = pick(of) / pick(bare);
      return {
        what: `${addresses} addresses, against ssh true: ${what}`,
        keyExchange,
        ours: `${rounded(pick(of))} s`,
        theirs: `${rounded(pick(bare))} s`,
        ratio,
        goal: goal === null ? '' : `≤ ${goal}`,
        met: goal === null ? null : ratio <= goal,
      };
    };
    const seconds = (cost: Cost): number => cost.seconds;
    const cpu = (cost: Cost): number => cost.cpuSeconds;
    return [
      row('facts, time', gather, seconds, FACTS_GOAL),
      row("facts, operator's CPU", gather, cpu),
      row('plan, time', plan, seconds),
      row("plan, operator's CPU", plan, cpu),
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
