/** `clockwarden resync`: daemons measure and step now, once, as a run of its own in each node's journal. */
import { setTimeout as sleep } from 'node:timers/promises';
import { gatherFacts, type NodeLogins, openAgent } from '@clockwarden/adapters/configure';
import {
  type Action,
  type ConfigureFacts,
  HARMLESS_STEP_SECONDS,
  type NodeOutcome,
  runningDaemon,
} from '@clockwarden/core/configure';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import type { Estimate } from '@clockwarden/core/time';
import { askYesOrNo, loginsOf } from '../apply/ask.ts';
import { guardSteps, type StepAnswers } from '../apply/guard.ts';
import { newRunId, operatorName } from '../apply/identity.ts';
import { NodeRun, type NodeRunEnd } from '../apply/node-run.ts';
import { refuse } from '../apply/refuse.ts';
import { designOrThrow } from '../render/design.ts';
import { type CliContext, progressOn } from '../terminal/index.ts';
import { chosenNodes } from '../verify/chosen.ts';
import { Verifier } from '../verify/index.ts';
import { type Resynced, resyncJson, resyncLines } from './report.ts';

export interface ResyncOptions extends StepAnswers {
  readonly askSudoPassword: boolean;
}

/** A login that dies in the middle is tried again for so long. */
const PATIENCE_SECONDS = 60;

/** After its burst a daemon is right at once, or it does not find its sources. */
const SETTLE_MS = 60_000;

interface Target {
  readonly name: string;
  readonly facts: ConfigureFacts;
  readonly action: Action;
}

/** Returns the exit code: 0 right now, 1 refused or not right yet, 2 failed, 3 not reached. */
export async function resync(
  context: CliContext,
  policy: ClusterPolicy,
  wanted: readonly string[],
  options: ResyncOptions,
): Promise<number> {
  const { design, timesync } = designOrThrow(policy);
  const names = chosenNodes(design, wanted);
  const logins = await loginsOf(context, policy, options.askSudoPassword);
  if (logins === null) return 130;
  const verifier = new Verifier({ policy, design, timesync, logins });
  const progress = progressOn(context, () =>
    context.t(text('Measuring how far each clock is off …', '正在测量各时钟的偏移 …')),
  );
  try {
    const found = await targets(policy, names, logins, context.signal);
    const corrections = await verifier.corrections(names, context.signal, HARMLESS_STEP_SECONDS);
    progress.end();
    if (context.signal.aborted) return 130;
    if (found.refused.length > 0) return refuse(context, found.refused);
    const guard = guardSteps(found.targets, corrections, options);
    if (guard.refused.length > 0) return refuse(context, guard.refused);
    const questions = [
      ...guard.questions.map((question) => [question, '--yes'] as const),
      ...guard.secondQuestions.map((question) => [question, '--allow-backwards-step'] as const),
    ];
    for (const [question, instead] of questions) {
      const answer = await askYesOrNo(context, question, instead);
      if (answer === null) return 130;
      if (!answer) return 1;
    }
    const before = new Map([...corrections].map(([name, { offset }]) => [name, offset]));
    const done = await perform(context, policy, found.targets, before, logins, verifier);
    if (context.json) context.print(JSON.stringify(resyncJson(context, done), null, 2));
    else for (const line of resyncLines(context, done)) context.print(line);
    return exitCodeOf(done);
  } finally {
    progress.end();
    await verifier.close();
    await logins.close();
  }
}

type Refused = Parameters<typeof refuse>[1][number];

async function targets(
  policy: ClusterPolicy,
  names: readonly string[],
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<{ readonly targets: readonly Target[]; readonly refused: readonly Refused[] }> {
  const found: Target[] = [];
  const refused: Refused[] = [];
  const nodes = policy.nodes.filter(({ name }) => names.includes(name));
  await gatherFacts(nodes, logins, signal, ({ name }, gathered) => {
    if (!gathered.ok) {
      const { text: words, hint } = gathered.failure;
      refused.push({ node: name, code: 'unreachable', text: words, hint: hint ?? checkHint });
      return;
    }
    // Whatever daemon runs is asked, also where the design has another.
    const running = runningDaemon(gathered.facts);
    if (running === null) refused.push({ node: name, code: 'no-daemon', text: noDaemon, hint: checkHint });
    else found.push({ name, facts: gathered.facts, action: { kind: 'resync', ...running } });
  });
  return { targets: found, refused };
}

const noDaemon = text(
  'Neither chronyd nor systemd-timesyncd runs there.',
  'chronyd 和 systemd-timesyncd 都没有在该节点上运行。',
);
const checkHint = text('`clockwarden check` says more.', '`clockwarden check` 会给出更多信息。');

async function perform(
  context: CliContext,
  policy: ClusterPolicy,
  chosen: readonly Target[],
  before: ReadonlyMap<string, Estimate | null>,
  logins: NodeLogins,
  verifier: Verifier,
): Promise<readonly Resynced[]> {
  const run = newRunId(new Date());
  const waits = new Map<string, Text>();
  const progress = progressOn(context, () =>
    [...waits].map(([name, words]) => `${name}: ${context.t(words)}`).join(' · '),
  );
  const wait = (name: string, words: Text): void => void waits.set(name, words);
  try {
    return await Promise.all(
      chosen.map(async (target): Promise<Resynced> => {
        const { name } = target;
        wait(name, text('measuring and stepping …', '正在测量并跳变 …'));
        const end = await ask(target, run, policy, logins, context.signal);
        const outcome = end.kind === 'done' ? await settled(name, verifier, context.signal, wait) : null;
        waits.delete(name);
        return { name, end, outcome, before: before.get(name) ?? null };
      }),
    );
  } finally {
    progress.end();
  }
}

function settled(
  name: string,
  verifier: Verifier,
  signal: AbortSignal,
  wait: (name: string, words: Text) => void,
): Promise<NodeOutcome> {
  return verifier.verifyNode(name, {
    deadline: performance.now() + SETTLE_MS,
    signal,
    onProgress: ({ waitsFor }) => wait(name, waitsFor ?? text('verifying …', '正在验证 …')),
  });
}

async function ask(
  { name, action }: Target,
  run: string,
  policy: ClusterPolicy,
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<NodeRunEnd> {
  const node = policy.nodes.find((one) => one.name === name);
  if (node === undefined) throw new RangeError(`${name} is no node`);
  const own = new NodeRun({
    node: name,
    run,
    operator: operatorName(process.env),
    takeOver: false,
    task: { kind: 'begin', actions: [{ action, inverse: null }] },
    // An action that is under way ends, whoever interrupts.
    open: () => openAgent(node, logins, new AbortController().signal),
    stop: signal,
    say: () => undefined,
    patienceSeconds: PATIENCE_SECONDS,
    pause: sleep,
  });
  try {
    const end = await own.perform();
    if (end.kind === 'done') return await own.finish('applied');
    // Nothing was changed that could be put back; the run is closed.
    if (end.kind === 'failed' || end.kind === 'stopped') await own.rollBack();
    return end;
  } finally {
    await own.close();
  }
}

function exitCodeOf(done: readonly Resynced[]): number {
  if (done.some(({ end }) => end.kind === 'failed' || end.kind === 'refused')) return 2;
  if (done.some(({ end }) => end.kind === 'lost')) return 3;
  if (done.some(({ end }) => end.kind === 'stopped')) return 130;
  return done.every(({ outcome }) => outcome?.grade === 'good') ? 0 : 1;
}
