/** `clockwarden rollback`: each node puts back what its own journal tells, and is held against what it was. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GatheredFacts, gatherFacts, type NodeLogins, openAgent } from '@clockwarden/adapters/configure';
import { createRunJournal, type RunJournal } from '@clockwarden/adapters/run-journal';
import { designCluster, fromBase64, wavesOf } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import { PATIENCE_SECONDS, resultOf } from '../apply/apply.ts';
import { askYesOrNo, loginsOf } from '../apply/ask.ts';
import { drive, type NodeWork } from '../apply/drive.ts';
import { endRollback } from '../apply/ending.ts';
import { eventJson, type RunEvent, type Say } from '../apply/events.ts';
import { type StepAnswers, stepQuestions } from '../apply/guard.ts';
import { newRunId, operatorName } from '../apply/identity.ts';
import { NodeRun, type NodeRunEnd } from '../apply/node-run.ts';
import { nothingToDo } from '../apply/nothing-to-do.ts';
import { refuse } from '../apply/refuse.ts';
import { requireNames } from '../apply/selection.ts';
import { showRun } from '../apply/show.ts';
import { describeAction } from '../plan/describe.ts';
import { DEFAULT_BATCH } from '../plan/make.ts';
import type { CliContext } from '../terminal/index.ts';
import { notBack } from './back.ts';
import {
  clocksJson,
  describeClock,
  type ForetoldClock,
  type ForetoldClocks,
  foretellClocks,
  guardClocks,
} from './clocks.ts';
import {
  type ChooseOptions,
  inversesOf,
  type NodeRollback,
  prepareRollback,
  type UndoneRun,
} from './prepare.ts';

export interface RollbackOptions extends Omit<ChooseOptions, 'nodes'>, StepAnswers {
  /** Empty: all. */
  readonly names: readonly string[];
  readonly askSudoPassword: boolean;
}

export async function rollback(
  context: CliContext,
  policy: ClusterPolicy,
  options: RollbackOptions,
): Promise<number> {
  const nodes = namedNodes(policy.nodes, options.names);
  const logins = await loginsOf(context, policy, options.askSudoPassword);
  if (logins === null) return 130;
  try {
    const prepared = await prepareRollback(context, policy, logins, { ...options, nodes });
    if (prepared === null) return 130;
    if (prepared.refused.length > 0) return refuse(context, prepared.refused);
    if (prepared.nodes.length === 0)
      return nothingToDo(context, text('There is nothing to put back.', '没有可以回退的改动。'));
    const clocks = await foretellClocks(context, policy, prepared.nodes, logins);
    if (context.signal.aborted) return 130;
    const agreed = await agree(context, prepared.nodes, clocks, options);
    if (agreed !== 'yes') return agreed;
    return await perform(context, policy, prepared.nodes, logins, options.takeOver);
  } finally {
    await logins.close();
  }
}

function namedNodes(nodes: readonly NodeSpec[], names: readonly string[]): readonly NodeSpec[] {
  requireNames(
    names,
    nodes.map(({ name }) => name),
  );
  return names.length === 0 ? nodes : nodes.filter(({ name }) => names.includes(name));
}

async function agree(
  context: CliContext,
  nodes: readonly NodeRollback[],
  clocks: ForetoldClocks,
  options: RollbackOptions,
): Promise<'yes' | number> {
  if (context.json) {
    context.print(JSON.stringify(clocksJson(clocks, context.language, new Date())));
  } else {
    const lines = nodes.flatMap((node) => nodeLines(context, node, clocks.get(node.spec.name)));
    for (const line of lines) context.print(line);
  }
  const guard = guardClocks(nodes, clocks, options);
  if (guard.refused.length > 0) return refuse(context, guard.refused);
  const question = text(
    `Put this back on ${nodes.length} node${nodes.length === 1 ? '' : 's'} now?`,
    `现在就在这 ${nodes.length} 个节点上回退吗？`,
  );
  const questions = [...stepQuestions(guard), ...(options.yes ? [] : [[question, '--yes'] as const])];
  for (const [words, instead] of questions) {
    const answer = await askYesOrNo(context, words, instead);
    if (answer === null) return 130;
    if (answer) continue;
    context.print(context.t(text('Nothing was changed.', '未作任何改动。')));
    return 1;
  }
  return 'yes';
}

function nodeLines(
  { color, t }: CliContext,
  { spec, runs, changedByHand }: NodeRollback,
  clock: ForetoldClock | undefined,
): readonly string[] {
  const warning = color.yellow('▲');
  const told = clock === undefined ? null : describeClock(clock);
  return [
    color.bold(spec.name),
    ...(told === null ? [] : [`  ${told.warns ? `${warning} ` : ''}${t(told.text)}`]),
    ...runs.flatMap((one) => [
      `  ${t(text(`run ${one.run.id} of ${one.run.operator}`, `${one.run.operator} 的运行 ${one.run.id}`))}`,
      ...inversesOf(one).map((inverse) => `    ${t(describeAction(inverse))}`),
    ]),
    ...changedByHand.map((path) => {
      const words = text(
        `${path} was changed by hand; a copy is kept`,
        `${path} 被手工修改过；会保留一份副本`,
      );
      return `  ${warning} ${t(words)}`;
    }),
    '',
  ];
}

async function perform(
  context: CliContext,
  policy: ClusterPolicy,
  nodes: readonly NodeRollback[],
  logins: NodeLogins,
  takeOver: boolean,
): Promise<number> {
  const run = newRunId(new Date());
  const operator = operatorName(process.env);
  const journal = createRunJournal(policy.name, run, null);
  const show = showRun(context);
  const say = (event: RunEvent): void => {
    if (event.event !== 'waiting') journal.write(eventJson(event, 'en', new Date()));
    show.say(event);
  };
  try {
    const order = orderOf(policy, nodes);
    say({ event: 'run-started', run, kind: 'rollback', operator, order });
    const parts = { operator, takeOver, logins, say, stop: context.signal };
    const work = nodes.map((node): [string, NodeWork] => [node.spec.name, workFor(node, parts)]);
    for (const node of nodes) keepCopies(journal, node);
    const state = await drive(order, { maxFailures: 0 }, new Map(work), context.signal, say);
    const result = resultOf(state, context.signal);
    say({ event: 'run-ended', run, result, nodes: state.progress });
    show.end();
    return endRollback(context, state, result);
  } finally {
    show.end();
    journal.close();
  }
}

/** Who follows first, who serves last. A cluster without a design any more has clients only. */
function orderOf(policy: ClusterPolicy, nodes: readonly NodeRollback[]): readonly (readonly string[])[] {
  const { timesync } = policy;
  const design = timesync === undefined ? null : designCluster(policy, timesync);
  const parts = nodes.map(({ spec }) => ({
    node: spec,
    part: design?.nodes.find(({ node }) => node.name === spec.name)?.part ?? ('client' as const),
  }));
  const watched = nodes.filter(({ facts }) => facts.runs.etcd || facts.runs.apiserver);
  return wavesOf(parts, DEFAULT_BATCH, new Set(watched.map(({ spec }) => spec.name))).toReversed();
}

interface RollbackParts {
  readonly operator: string;
  readonly takeOver: boolean;
  readonly logins: NodeLogins;
  readonly say: Say;
  readonly stop: AbortSignal;
}

function workFor({ spec, runs }: NodeRollback, parts: RollbackParts): NodeWork {
  let failure: Text | null = null;
  return {
    apply: async () => {
      for (const one of runs) {
        const end = await undo(spec, one, parts);
        if (end.kind === 'failed') failure = end.text;
        if (end.kind !== 'done') return end;
      }
      return { kind: 'done' };
    },
    verify: async () => {
      failure = await whyNotBack(spec, runs, parts.logins);
      return failure === null ? { kind: 'done' } : { kind: 'failed', text: failure };
    },
    // There is nothing behind what was there before: a person must look.
    rollBack: async () => ({ kind: 'failed', text: failure ?? text('', '') }),
    close: async () => {},
  };
}

async function undo(spec: NodeSpec, { run, job }: UndoneRun, parts: RollbackParts): Promise<NodeRunEnd> {
  const { operator, takeOver, logins, say, stop } = parts;
  const own = new NodeRun({
    node: spec.name,
    run: run.id,
    operator,
    takeOver,
    task: { kind: 'resume', actions: job },
    // A step under way is never cut from here: only a second Ctrl-C ends this process.
    open: () => openAgent(spec, logins, new AbortController().signal),
    stop,
    say,
    patienceSeconds: PATIENCE_SECONDS,
    pause: sleep,
  });
  try {
    return await own.rollBack();
  } finally {
    await own.close();
  }
}

async function whyNotBack(
  spec: NodeSpec,
  runs: readonly UndoneRun[],
  logins: NodeLogins,
): Promise<Text | null> {
  const found = new Map<string, GatheredFacts>();
  await gatherFacts([spec], logins, new AbortController().signal, ({ name }, gathered) => {
    found.set(name, gathered);
  });
  const own = found.get(spec.name);
  if (own === undefined) return text('Nobody could look.', '无法查看。');
  return own.ok ? notBack(runs, own.facts) : own.failure.text;
}

/** Files that a hand changed, as they were, beside the journal: NODE/PATH with `/` written as `%`. */
function keepCopies({ directory }: RunJournal, { spec, facts, changedByHand }: NodeRollback): void {
  for (const path of changedByHand) {
    const state = facts.files[path];
    if (state?.kind !== 'file') continue;
    const folder = join(directory, 'kept', encodeURIComponent(spec.name));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const content = Buffer.from(fromBase64(state.content), 'latin1');
    writeFileSync(join(folder, path.slice(1).replaceAll('/', '%')), content, { mode: 0o600 });
  }
}
