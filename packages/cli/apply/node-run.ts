/** One node's part of a run: action by action in lock-step with its agent, and over again after a lost login. */
import type { AgentJob, NodeAgent, OpenedAgent, StepResult } from '@clockwarden/adapters/configure';
import { type Action, type RememberedRun, undoOrder } from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';
import type { RunEvent, Say } from './events.ts';

/** What is to be done on a node, or to be gone on with. */
export type NodeTask =
  | { readonly kind: 'begin'; readonly actions: AgentJob['actions'] }
  /** A run that the node remembers. `actions`: what it consists of, null where only the node knows. */
  | { readonly kind: 'resume'; readonly actions: AgentJob['actions'] | null };

export interface NodeRunOptions {
  readonly node: string;
  readonly run: string;
  readonly operator: string;
  readonly takeOver: boolean;
  readonly task: NodeTask;
  open(): Promise<OpenedAgent>;
  /** Aborted when nothing further is to be begun; the action under way ends. */
  readonly stop: AbortSignal;
  readonly say: Say;
  /** How long a lost node is tried again. Seconds, > 0. */
  readonly patienceSeconds: number;
  pause(ms: number): Promise<void>;
}

/** `lost`: the node cannot be reached any more, and its run is open. */
export type NodeRunEnd =
  | { readonly kind: 'done' | 'stopped' }
  | { readonly kind: 'failed' | 'refused' | 'lost'; readonly text: Text };

/** A login that dies with each try at the same action is not tried for ever. */
const MOST_TRIES = 3;
const RETRY_MS = 2_000;

/** The methods are called one after the other, `close` last. */
export class NodeRun {
  readonly #options: NodeRunOptions;
  #agent: NodeAgent | null = null;
  #of: number;
  #order: readonly number[];
  /** Actions that were done and not put back since. */
  readonly #done = new Set<number>();
  /** The action in which the run was cut: it may be half done. */
  #half: number | null = null;
  #undoing = false;
  /** The node has the run in its journal. */
  #known = false;

  constructor(options: NodeRunOptions) {
    this.#options = options;
    const actions = options.task.actions ?? [];
    this.#of = actions.length;
    this.#order = undoOrder(actions.map(({ action }) => action));
  }

  /** Every action that is not done yet. A run that was being put back when it was cut says `failed`: it is to go on being put back. */
  async perform(): Promise<NodeRunEnd> {
    const opened = await this.#openRun();
    if (opened.kind !== 'done') return opened;
    if (this.#undoing) {
      return failed(
        text('The run was being put back when it was cut; that goes on.', '中断时正在回退，现在继续回退。'),
      );
    }
    for (let index = 0; index < this.#of; index += 1) {
      if (this.#done.has(index)) continue;
      if (this.#options.stop.aborted) return { kind: 'stopped' };
      this.#say(index, 'begun');
      const result = await this.#try(
        (agent) => agent.perform(index),
        (run) => run.done.includes(index),
      );
      if (!result.ok) {
        if (isAway(result)) return { kind: 'lost', text: result.text };
        this.#say(index, 'failed', result.text);
        // Whether it was put back whole, the node's journal knows: it is read anew.
        await this.close();
        return failed(result.text);
      }
      this.#half = null;
      this.#done.add(index);
      this.#say(index, 'done');
    }
    return { kind: 'done' };
  }

  /** Puts back what stands, in the order that never leaves the node without time, and closes the run. */
  async rollBack(): Promise<NodeRunEnd> {
    if (this.#agent === null) {
      const opened = await (this.#known ? this.#reconnected(lost.text, readsJournal) : this.#openRun());
      if (opened.kind !== 'done') return opened;
    }
    for (const index of this.#order.filter((one) => this.#stands(one))) {
      if (this.#options.stop.aborted) return { kind: 'stopped' };
      this.#say(index, 'undoing');
      const result = await this.#try(
        (agent) => agent.undo(index),
        (run) => run.undone.includes(index),
      );
      if (!result.ok) {
        if (isAway(result)) return { kind: 'lost', text: result.text };
        this.#say(index, 'undo-failed', result.text);
        return failed(result.text);
      }
      this.#done.delete(index);
      this.#say(index, 'undone');
    }
    return this.finish('rolled-back');
  }

  /** Done or half done, and not put back since; what has no inverse leaves nothing behind that could be. */
  #stands(index: number): boolean {
    const step = this.#options.task.actions?.[index];
    return (this.#done.has(index) || this.#half === index) && step?.inverse !== null;
  }

  async finish(outcome: 'applied' | 'rolled-back'): Promise<NodeRunEnd> {
    const result = await this.#try(
      (agent) => agent.finish(outcome),
      (run) => run.state === outcome,
    );
    if (result.ok) return { kind: 'done' };
    return { kind: isAway(result) ? 'lost' : 'failed', text: result.text };
  }

  /** Gives the lock back. The run stays open unless it was finished. */
  async close(): Promise<void> {
    await this.#agent?.close();
    this.#agent = null;
  }

  async #openRun(): Promise<NodeRunEnd> {
    const { task, run, operator, takeOver } = this.#options;
    const opened = await this.#options.open();
    if (!opened.ok) return { kind: 'refused', text: opened.failure.text };
    this.#agent = opened.agent;
    const known = opened.agent.remembered.runs.find(({ id }) => id === run);
    if (task.kind === 'begin' && known === undefined) {
      const begun = await opened.agent.begin({ run, operator, actions: task.actions, takeOver });
      this.#known = true;
      if (begun.ok) return { kind: 'done' };
      if (begun.code !== 'lost') return { kind: 'refused', text: begun.text };
      // The job may be there or not; either way nothing was changed yet.
      return this.#reconnected(begun.text);
    }
    if (known === undefined) {
      return { kind: 'refused', text: text(`The node knows no run ${run}.`, `该节点没有运行记录 ${run}。`) };
    }
    const resumed = await opened.agent.resume(run, { operator, takeOver });
    if (resumed.ok) {
      this.#known = true;
      this.#remember(known);
      return { kind: 'done' };
    }
    // An operator that was killed left its agent behind, which ends its action first.
    if (resumed.code === 'locked' && resumed.lock?.run === run && resumed.lock.operator === operator) {
      this.#known = true;
      return this.#reconnected(resumed.text, endsItsAction);
    }
    return { kind: resumed.code === 'lost' ? 'lost' : 'refused', text: resumed.text };
  }

  async #reconnected(why: Text, waitsFor: Text = contactLost): Promise<NodeRunEnd> {
    const again = await this.#reconnect(() => false, waitsFor);
    return again === null ? { kind: 'lost', text: why } : { kind: 'done' };
  }

  #remember(run: RememberedRun): void {
    this.#of = run.actions;
    this.#order = run.undoOrder;
    this.#half = run.begun;
    this.#undoing = run.undone.length > 0;
    this.#done.clear();
    for (const index of run.done) this.#done.add(index);
  }

  /** Does `step`; when the login dies meanwhile asks the node's own journal whether it came about, else does it again. */
  async #try(
    step: (agent: NodeAgent) => Promise<StepResult>,
    cameAbout: (run: RememberedRun) => boolean,
  ): Promise<StepResult> {
    let result: StepResult = lost;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (this.#agent !== null) {
        result = await step(this.#agent);
        if (result.ok || result.code !== 'lost') return result;
      }
      const again = await this.#reconnect(cameAbout);
      if (again === null) return result;
      if (cameAbout(again)) return { ok: true };
    }
    return result;
  }

  /** The run as the node remembers it, taken up again unless it is settled; null: the node stayed out of reach. */
  async #reconnect(
    settled: (run: RememberedRun) => boolean,
    waitsFor: Text = contactLost,
  ): Promise<RememberedRun | null> {
    const { node, run, operator, say, patienceSeconds, pause, stop } = this.#options;
    await this.close();
    const deadline = performance.now() + patienceSeconds * 1_000;
    do {
      say({ event: 'waiting', node, text: waitsFor });
      const opened = await this.#options.open();
      if (opened.ok) {
        const known = opened.agent.remembered.runs.find(({ id }) => id === run);
        if (known === undefined) {
          await opened.agent.close();
          return null;
        }
        // While the old agent ends its action it holds the lock; it is ours, so it is waited for and not taken over.
        const resumed: StepResult =
          settled(known) && known.state !== 'unfinished'
            ? { ok: true }
            : await opened.agent.resume(run, { operator });
        if (resumed.ok) {
          this.#agent = opened.agent;
          this.#remember(known);
          return known;
        }
        await opened.agent.close();
        if (resumed.code === 'refused' || (resumed.code === 'locked' && resumed.lock?.run !== run))
          return null;
      }
      await pause(RETRY_MS);
    } while (performance.now() < deadline && !stop.aborted);
    return null;
  }

  #say(
    index: number,
    state: Extract<RunEvent, { event: 'action' }>['state'],
    words: Text | null = null,
  ): void {
    const { node, run, task, say } = this.#options;
    const action: Action | null = task.actions?.[index]?.action ?? null;
    say({ event: 'action', node, run, index, of: this.#of, action, state, text: words });
  }
}

const contactLost = text('Contact was lost; trying again.', '连接已断开，正在重试。');
const readsJournal = text('Its own journal is read.', '正在读取该节点自身的日志。');
const endsItsAction = text(
  'The node still ends the action that was under way.',
  '该节点仍在完成之前正在执行的动作。',
);

const lost = {
  ok: false,
  code: 'lost',
  text: text('The login was lost.', '登录连接已断开。'),
} as const satisfies StepResult;

/** Out of reach, or taken over by another run: either way it is not ours to put back. */
function isAway({ code }: Extract<StepResult, { ok: false }>): boolean {
  return code === 'lost' || code === 'locked';
}

function failed(words: Text): NodeRunEnd {
  return { kind: 'failed', text: words };
}
