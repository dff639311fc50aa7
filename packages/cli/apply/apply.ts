/** `clockwarden apply`: found out, shown, agreed, journalled, performed, told. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type GatheredFacts,
  gatherFacts,
  healthOf,
  type NodeLogins,
  openAgent,
} from '@clockwarden/adapters/configure';
import { createRunJournal } from '@clockwarden/adapters/run-journal';
import { type BatchSize, changedSince, type RolloutState } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import { planLines } from '../plan/report.ts';
import type { CliContext } from '../terminal/index.ts';
import { Verifier } from '../verify/index.ts';
import { askYesOrNo, loginsOf } from './ask.ts';
import { drive, type NodeWork } from './drive.ts';
import { endApply } from './ending.ts';
import { eventJson, type RunEvent, type RunResult } from './events.ts';
import { guardSteps, stepQuestions } from './guard.ts';
import { newRunId, operatorName } from './identity.ts';
import { NodeRun } from './node-run.ts';
import { applyWork } from './node-work.ts';
import { nothingToDo } from './nothing-to-do.ts';
import { mayStep, type Prepared, type PreparedNode, prepare } from './prepare.ts';
import { refuse } from './refuse.ts';
import type { NodeSelection } from './selection.ts';
import { showRun } from './show.ts';

export interface ApplyOptions {
  readonly planPath: string | undefined;
  readonly goOn: boolean;
  readonly yes: boolean;
  readonly batch: BatchSize;
  readonly maxFailures: number;
  readonly allowStep: boolean;
  readonly allowBackwards: boolean;
  readonly maxStepSeconds: number;
  readonly verifySeconds: number;
  readonly askSudoPassword: boolean;
  readonly takeOver: boolean;
  readonly selection: NodeSelection;
}

const allRight = text('Every node is as it should be: nothing to do.', '所有节点均已符合要求，无需改动。');
const noneCut = text('Nothing was cut in between.', '没有中断的运行。');

/** Asked this short a time ago, a node is not asked again before it is begun. */
const FRESH_MS = 30_000;

/** How long a node whose login died is tried again: as long as its longest action may take. */
export const PATIENCE_SECONDS = 600;

export async function apply(
  context: CliContext,
  policy: ClusterPolicy,
  options: ApplyOptions,
): Promise<number> {
  const logins = await loginsOf(context, policy, options.askSudoPassword);
  if (logins === null) return 130;
  try {
    const prepared = await prepare(context, policy, logins, options);
    if (prepared === null) return 130;
    if (prepared.refused.length > 0) return refuse(context, prepared.refused);
    if (prepared.nodes.length === 0) return nothingToDo(context, options.goOn ? noneCut : allRight);
    const consent = await agree(context, prepared, options);
    if (consent !== 'yes') return consent;
    return await perform(context, policy, prepared, logins, options);
  } finally {
    await logins.close();
  }
}

/** Shows what is about to happen and asks what must be asked. The exit code, where it is not to happen. */
async function agree(
  context: CliContext,
  prepared: Prepared,
  options: ApplyOptions,
): Promise<'yes' | number> {
  const { planPath, goOn } = options;
  const isNew = planPath === undefined && !goOn;
  if (isNew && !context.json) {
    for (const line of planLines(context, prepared.plan, prepared.corrections)) context.print(line);
  }
  const guard = guardSteps(prepared.nodes.filter(mayStep), prepared.corrections, options);
  if (guard.refused.length > 0) return refuse(context, guard.refused);
  const questions = [
    ...stepQuestions(guard),
    ...(isNew && !options.yes ? [[changeQuestion(prepared), '--yes'] as const] : []),
  ];
  for (const [question, instead] of questions) {
    const answer = await askYesOrNo(context, question, instead);
    if (answer === null) return 130;
    if (answer) continue;
    context.print(context.t(text('Nothing was changed.', '未作任何改动。')));
    return 1;
  }
  return 'yes';
}

function changeQuestion({ nodes }: Prepared): Text {
  const count = nodes.length;
  return count === 1
    ? text('Change this node now?', '现在就改动这个节点吗？')
    : text(`Change these ${count} nodes now?`, `现在就改动这 ${count} 个节点吗？`);
}

async function perform(
  context: CliContext,
  policy: ClusterPolicy,
  prepared: Prepared,
  logins: NodeLogins,
  options: ApplyOptions,
): Promise<number> {
  const run = newRunId(new Date());
  const operator = operatorName(process.env);
  const journal = createRunJournal(policy.name, run, prepared.document);
  const show = showRun(context);
  const say = (event: RunEvent): void => {
    if (event.event !== 'waiting') journal.write(eventJson(event, 'en', new Date()));
    show.say(event);
  };
  const verifier = new Verifier({ policy, design: prepared.design, timesync: prepared.timesync, logins });
  try {
    say({ event: 'run-started', run, kind: 'apply', operator, order: prepared.order });
    const works = prepared.nodes.map((node): [string, NodeWork] => [
      node.name,
      workFor(node, { run, operator, prepared, logins, options, verifier, say, stop: context.signal }),
    ]);
    const state = await drive(prepared.order, options, new Map(works), context.signal, say);
    const result = resultOf(state, context.signal);
    say({ event: 'run-ended', run, result, nodes: state.progress });
    show.end();
    return endApply(context, state, result, run);
  } finally {
    show.end();
    journal.close();
    await verifier.close();
  }
}

export function resultOf(state: RolloutState, stop: AbortSignal): RunResult {
  if (Object.values(state.progress).every((progress) => progress === 'done')) return 'done';
  return stop.aborted ? 'stopped' : 'halted';
}

interface RunParts {
  readonly run: string;
  readonly operator: string;
  readonly prepared: Prepared;
  readonly logins: NodeLogins;
  readonly options: ApplyOptions;
  readonly verifier: Verifier;
  readonly say: (event: RunEvent) => void;
  readonly stop: AbortSignal;
}

function workFor(node: PreparedNode, parts: RunParts): NodeWork {
  const { run, operator, prepared, logins, options, verifier, say, stop } = parts;
  const { name, facts, judgement } = node;
  const spec = specOf(prepared, name);
  // A step under way is never cut from here: only a second Ctrl-C ends this process.
  const uncut = new AbortController().signal;
  const watched = facts.runs.etcd || facts.runs.apiserver;
  return applyWork({
    node: name,
    run: new NodeRun({
      node: name,
      run: judgement.kind === 'resume' ? judgement.run.id : run,
      operator,
      takeOver: options.takeOver,
      task:
        judgement.kind === 'begin'
          ? { kind: 'begin', actions: judgement.actions }
          : { kind: 'resume', actions: judgement.actions },
      open: () => openAgent(spec, logins, uncut),
      stop,
      say,
      patienceSeconds: PATIENCE_SECONDS,
      pause: sleep,
    }),
    stop,
    say,
    recheck: () => recheck(node, spec, prepared, logins),
    health: watched ? () => healthOf(spec, logins, uncut) : null,
    verify: (onProgress) =>
      verifier.verifyNode(name, {
        deadline: performance.now() + options.verifySeconds * 1_000,
        signal: stop,
        onProgress,
      }),
    pause: sleep,
  });
}

/** A node that waited for its turn may have been changed meanwhile. */
async function recheck(
  { name, judgement }: PreparedNode,
  spec: NodeSpec,
  { gatheredAt, document }: Prepared,
  logins: NodeLogins,
): Promise<Text | null> {
  const seen = document?.nodes.find((node) => node.name === name)?.seen ?? null;
  if (judgement.kind === 'resume' || seen === null || performance.now() - gatheredAt < FRESH_MS) return null;
  let found: GatheredFacts | null = null;
  await gatherFacts([spec], logins, new AbortController().signal, (_, gathered) => {
    found = gathered;
  });
  return changeOf(found, seen);
}

function changeOf(found: GatheredFacts | null, seen: Parameters<typeof changedSince>[0]): Text | null {
  if (found === null) return text('Nobody could look at it again.', '无法再次查看该节点。');
  if (!found.ok) return found.failure.text;
  const changed = changedSince(seen, found.facts);
  if (changed.length === 0) return null;
  return text(
    `It has changed since the plan was made: ${changed.join(', ')}.`,
    `制定计划之后该节点发生了变化：${changed.join('、')}。`,
  );
}

function specOf({ design }: Prepared, name: string): NodeSpec {
  const own = design.nodes.find(({ node }) => node.name === name);
  if (own === undefined) throw new Error(`${name} is not in the design`);
  return own.node;
}
