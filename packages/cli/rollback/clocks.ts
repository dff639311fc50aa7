/** What a rollback does to the clocks, as far as that can be known: found out before anybody is asked. */
import type { NodeLogins } from '@clockwarden/adapters/configure';
import {
  type Correction,
  correctionByUndo,
  designCluster,
  type StartingDaemon,
  startingDaemons,
  type UndoneClock,
} from '@clockwarden/core/configure';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import {
  formatDuration,
  formatOffset,
  type Language,
  localized,
  type Text,
  text,
} from '@clockwarden/core/text';
import type { Estimate } from '@clockwarden/core/time';
import { type GuardResult, guardSteps, type StepAnswers } from '../apply/guard.ts';
import type { CliContext } from '../terminal/index.ts';
import { type MeasuredCorrection, measureCorrections } from '../verify/index.ts';
import { inversesOf, type NodeRollback } from './prepare.ts';

export type ForetoldClock =
  | { readonly known: true; readonly offset: Estimate; readonly undone: UndoneClock }
  /** How far it is off could not be told. `by`: the daemon that it is left to. */
  | { readonly known: false; readonly why: Text; readonly by: StartingDaemon };

/** By node; those on which no daemon starts anew are not in it. */
export type ForetoldClocks = ReadonlyMap<string, ForetoldClock>;

/** Asks the nodes whose daemons start anew, and what they are to follow by clockwarden.yaml. Changes nothing. */
export async function foretellClocks(
  context: CliContext,
  policy: ClusterPolicy,
  nodes: readonly NodeRollback[],
  logins: NodeLogins,
): Promise<ForetoldClocks> {
  const names = nodes.filter((node) => startingOn(node).length > 0).map(({ spec }) => spec.name);
  const design = policy.timesync === undefined ? null : designCluster(policy, policy.timesync);
  if (names.length === 0 || design === null || design.nodes.length === 0) {
    return foretell(nodes, new Map(), noDesign);
  }
  // The daemons of before do not follow the island, and nobody in it has the true time.
  if (design.topology === 'island') return foretell(nodes, new Map(), island);
  const measured = await measureCorrections(context, policy, design, logins, context.signal, names);
  return foretell(nodes, measured, noDesign);
}

/** @param unmeasured why nobody measured the nodes that are not in `measured` */
export function foretell(
  nodes: readonly NodeRollback[],
  measured: ReadonlyMap<string, MeasuredCorrection>,
  unmeasured: Text,
): ForetoldClocks {
  return new Map(
    nodes.flatMap((node): readonly [string, ForetoldClock][] => {
      const { name } = node.spec;
      const starting = startingOn(node);
      const by = starting.at(-1);
      if (by === undefined) return [];
      const { offset = null, correction } = measured.get(name) ?? {};
      const undone = offset === null ? null : correctionByUndo(offset, starting);
      if (offset !== null && undone !== null) return [[name, { known: true, offset, undone }]];
      const why = correction?.kind === 'unknown' ? correction.why : unmeasured;
      return [[name, { known: false, why, by }]];
    }),
  );
}

/** A clock of which nothing is known stops nobody: a rollback may be what mends the way to those who know. */
export function guardClocks(
  nodes: readonly NodeRollback[],
  clocks: ForetoldClocks,
  answers: StepAnswers,
): GuardResult {
  const corrections = [...clocks].flatMap(([name, clock]): readonly [string, MeasuredCorrection][] =>
    clock.known ? [[name, { offset: clock.offset, correction: clock.undone.correction }]] : [],
  );
  const guarded = nodes.map(({ spec, facts }) => ({ name: spec.name, facts }));
  return guardSteps(guarded, new Map(corrections), answers);
}

/** What a person should know of it, and whether it needs their attention. */
export function describeClock(clock: ForetoldClock): { readonly text: Text; readonly warns: boolean } {
  if (!clock.known) {
    const { why } = clock;
    const name = nameOf(clock.by);
    return {
      warns: true,
      text: text(
        `How far its clock is off cannot be told, nor whether ${name.en} will step it. ${why.en}`,
        `无法得知其时钟的偏移，也无法得知${name['zh-CN']}是否会使其跳变。${why['zh-CN']}`,
      ),
    };
  }
  const { by, correction } = clock.undone;
  const offset = formatOffset(clock.offset);
  const name = nameOf(by);
  const what = describeUndone(clock.undone);
  return {
    warns: correction.kind === 'step' || correction.kind === 'unknown',
    text: text(
      `Its clock is off by ${offset}: ${name.en} ${what.en}, if its sources are right.`,
      `其时钟偏移 ${offset}：若时间源正确，${name['zh-CN']}${what['zh-CN']}。`,
    ),
  };
}

/** The event `clocks` of --json, with all that the text tells. docs/reference/apply.md. */
export function clocksJson(
  clocks: ForetoldClocks,
  language: Language,
  at: Date,
): Readonly<Record<string, unknown>> {
  const nodes = [...clocks].map(([node, clock]) => {
    const { unit, corrector } = clock.known ? clock.undone.by : clock.by;
    return {
      node,
      unit: unit === '' ? null : unit,
      limitKnown: corrector !== null,
      ...(clock.known ? measuredJson(clock.offset, clock.undone.correction) : unmeasuredJson),
      text: localized(describeClock(clock).text, language),
    };
  });
  return { event: 'clocks', at: at.toISOString(), nodes };
}

function measuredJson({ seconds, low, high }: Estimate, correction: Correction) {
  return {
    offset: { seconds, lowSeconds: low, highSeconds: high },
    correction: {
      kind: correction.kind,
      seconds: 'seconds' in correction ? correction.seconds : null,
      durationSeconds: correction.kind === 'slew' ? correction.durationSeconds : null,
    },
  };
}

const unmeasuredJson = {
  offset: null,
  correction: { kind: 'unknown', seconds: null, durationSeconds: null },
} as const;

function describeUndone({ by, correction }: UndoneClock): Text {
  const isKnown = by.corrector !== null;
  switch (correction.kind) {
    case 'unknown':
      return text(
        'will step or slew it, which is too close to tell',
        '将使其跳变或渐调，两者过于接近，无法判断',
      );
    case 'step': {
      const [en, zh] = correction.backwards ? ['backwards', '向后'] : ['forwards', '向前'];
      return isKnown
        ? text(`will step it ${en}`, `将使其${zh}跳变`)
        : text(`may step it ${en}: its limit is not known`, `可能使其${zh}跳变(其跳变阈值未知)`);
    }
    default:
      if (!isKnown) return text('will not step it noticeably', '不会使其明显跳变');
  }
  if (correction.kind === 'none') return text('will find nothing to correct', '无需校正');
  const left = formatDuration(correction.durationSeconds);
  return text(`will slew it, for about ${left}`, `将使其渐调，约 ${left}`);
}

/** In the order of their starts. */
function startingOn({ runs, facts }: NodeRollback): readonly StartingDaemon[] {
  if (runs.some(({ job }) => job === null)) return [anyDaemon];
  return startingDaemons(runs.flatMap(inversesOf), facts);
}

const anyDaemon: StartingDaemon = { unit: '', corrector: null };

function nameOf({ unit }: StartingDaemon): Text {
  const name = unit.replace(/\.service$/, '');
  return name === ''
    ? text('the daemon of before', '原来的守护进程')
    : text(`${name} as it was before`, `恢复原状的 ${name} `);
}

const noDesign = text(
  'clockwarden.yaml names nobody who tells the time.',
  'clockwarden.yaml 没有指明由谁提供时间。',
);
const island = text('In an island nobody tells the true time.', '孤岛中无人知道真实时间。');
