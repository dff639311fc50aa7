/**
 * What a node remembers of the runs that changed it, from the files of its state directory. The node writes them line by
 * line and synchronously, so that a power cut costs the last line at most.
 */
import { fromBase64, utf8Text } from './base64.ts';

export interface LockHolder {
  readonly operator: string;
  readonly run: string;
  /** The node's clock: for people. */
  readonly sinceUnixSeconds: number;
}

export interface RememberedRun {
  /** `YYYYMMDDTHHMMSSZ-xxxx` of the operator: sorts by time. */
  readonly id: string;
  readonly operator: string;
  /** The node's clock, which may have been wrong then: for people, not for order. */
  readonly startedUnixSeconds: number;
  readonly state: 'unfinished' | 'applied' | 'rolled-back';
  /** How many actions the run has. */
  readonly actions: number;
  /** Indexes in the order in which they are put back. */
  readonly undoOrder: readonly number[];
  /** Indexes of actions that were done and not put back since. */
  readonly done: readonly number[];
  /** Indexes of actions that were put back after they had been done. */
  readonly undone: readonly number[];
  /** The action in which the run was cut; it may be half done: it is done again, or undone. Null: none. */
  readonly begun: number | null;
  /** Digest of the job: a run continues only with the plan that it was begun with. */
  readonly digest: string;
}

export interface NodeMemory {
  /** Null: nobody holds it, or who held it is dead. */
  readonly lock: LockHolder | null;
  /** In order of their ids. */
  readonly runs: readonly RememberedRun[];
}

/**
 * Lines `lock OPERATOR RUN SECONDS`, and of each run `run ID OPERATOR SECONDS DIGEST ACTIONS UNDO,ORDER` followed by its
 * journal; OPERATOR in Base64. What is not understood is passed over: a line may have been cut.
 */
export function parseMemory(output: string): NodeMemory {
  let lock: LockHolder | null = null;
  const runs: RememberedRun[] = [];
  for (const line of output.split('\n')) {
    const [kind, ...words] = line.trim().split(' ');
    const last = runs.at(-1);
    if (kind === 'lock') lock = lockOf(words) ?? lock;
    else if (kind === 'run') runs.push(...runOf(words));
    else if (kind !== undefined && last !== undefined) runs[runs.length - 1] = after(last, kind, words[0]);
  }
  return { lock, runs: runs.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

function lockOf([operator = '', run = '', since = '']: readonly string[]): LockHolder | null {
  return /^\d+$/.test(since)
    ? { operator: utf8Text(fromBase64(operator)), run, sinceUnixSeconds: Number(since) }
    : null;
}

function runOf(words: readonly string[]): readonly RememberedRun[] {
  const [id = '', operator = '', started = '', digest = '', actions = '', order = ''] = words;
  if (!/^\d+$/.test(started) || !/^\d+$/.test(actions)) return [];
  const undoOrder = order.split(',').filter((word) => /^\d+$/.test(word));
  return [
    {
      id,
      operator: utf8Text(fromBase64(operator)),
      startedUnixSeconds: Number(started),
      state: 'unfinished',
      actions: Number(actions),
      undoOrder: undoOrder.map(Number),
      done: [],
      undone: [],
      begun: null,
      digest,
    },
  ];
}

/** The run after one line of its journal. */
function after(run: RememberedRun, kind: string, word: string | undefined): RememberedRun {
  if (kind === 'applied' || kind === 'rolled-back') return { ...run, state: kind, begun: null };
  // A finished run that is taken up again, to be put back.
  if (kind === 'resumed') return { ...run, state: 'unfinished' };
  if (word === undefined || !/^\d+$/.test(word)) return run;
  const index = Number(word);
  const without = (list: readonly number[]): readonly number[] => list.filter((one) => one !== index);
  switch (kind) {
    case 'begin':
    case 'undoing':
      return { ...run, begun: index };
    // What failed was put back by the node itself.
    case 'failed':
      return { ...run, begun: null };
    case 'done':
      return { ...run, begun: null, done: [...without(run.done), index], undone: without(run.undone) };
    case 'undone':
      return { ...run, begun: null, done: without(run.done), undone: [...without(run.undone), index] };
    default:
      return run;
  }
}
