/** A node in memory for tests: it remembers runs as a real one does, and fails or falls silent where it is told to. */
import type { AgentJob, NodeAgent, OpenedAgent, StepResult } from '@clockwarden/adapters/configure';
import { type LockHolder, type RememberedRun, undoOrder } from '@clockwarden/core/configure';
import { failure } from '@clockwarden/core/observe';
import { text } from '@clockwarden/core/text';

export type FakeTrouble =
  | { readonly at: 'perform' | 'undo'; readonly index: number; readonly how: 'failed' }
  /** `before` or `after` the node did it the login dies; it happens once. */
  | { readonly at: 'perform' | 'undo'; readonly index: number; readonly how: 'lost before' | 'lost after' };

export class FakeNode {
  readonly #runs = new Map<string, RememberedRun>();
  lock: LockHolder | null = null;
  /** What the agent was asked, in order. */
  readonly asked: string[] = [];
  troubles: FakeTrouble[] = [];
  reachable = true;

  get runs(): readonly RememberedRun[] {
    return [...this.#runs.values()];
  }

  open(): Promise<OpenedAgent> {
    if (!this.reachable) {
      const words = text('does not answer', '无应答');
      return Promise.resolve({ ok: false, failure: failure('unreachable', words) });
    }
    return Promise.resolve({ ok: true, agent: this.#agent() });
  }

  #agent(): NodeAgent {
    let run = '';
    const hold = (id: string, operator: string, takeOver: boolean): StepResult => {
      if (this.lock !== null && this.lock.run !== id && !takeOver) {
        return { ok: false, code: 'locked', text: text('locked', '已锁定'), lock: this.lock };
      }
      this.lock = { operator, run: id, sinceUnixSeconds: 0 };
      run = id;
      return { ok: true };
    };
    const change = (how: (run: RememberedRun) => RememberedRun): void => {
      const known = this.#runs.get(run);
      if (known !== undefined) this.#runs.set(run, how(known));
    };
    return {
      remembered: { lock: this.lock, runs: this.runs },
      begin: async (job: AgentJob) => {
        this.asked.push('begin');
        const held = hold(job.run, job.operator, job.takeOver);
        if (held.ok) this.#runs.set(job.run, remembered(job));
        return held;
      },
      resume: async (id, holder = {}) => {
        this.asked.push('resume');
        const held = hold(id, holder.operator ?? '', holder.takeOver === true);
        if (held.ok) change((known) => ({ ...known, state: 'unfinished' }));
        return held;
      },
      perform: (index) =>
        this.#step('perform', index, () =>
          change((known) => ({
            ...known,
            done: [...known.done.filter((one) => one !== index), index],
            undone: known.undone.filter((one) => one !== index),
          })),
        ),
      undo: (index) =>
        this.#step('undo', index, () =>
          change((known) => ({
            ...known,
            done: known.done.filter((one) => one !== index),
            undone: [...known.undone.filter((one) => one !== index), index],
          })),
        ),
      finish: async (outcome) => {
        this.asked.push(outcome);
        change((known) => ({ ...known, state: outcome }));
        this.lock = null;
        return { ok: true };
      },
      close: async () => {
        this.lock = null;
      },
    };
  }

  async #step(at: 'perform' | 'undo', index: number, happen: () => void): Promise<StepResult> {
    this.asked.push(`${at} ${index}`);
    const trouble = this.troubles.find((one) => one.at === at && one.index === index);
    if (trouble === undefined) {
      happen();
      return { ok: true };
    }
    if (trouble.how === 'failed') return { ok: false, code: 'failed', text: text('disk full', '磁盘已满') };
    this.troubles = this.troubles.filter((one) => one !== trouble);
    if (trouble.how === 'lost after') happen();
    return { ok: false, code: 'lost', text: text('the login died', '连接中断') };
  }
}

function remembered(job: AgentJob): RememberedRun {
  return {
    id: job.run,
    operator: job.operator,
    startedUnixSeconds: 0,
    state: 'unfinished',
    actions: job.actions.length,
    undoOrder: undoOrder(job.actions.map(({ action }) => action)),
    done: [],
    undone: [],
    begun: null,
    digest: '',
  };
}
