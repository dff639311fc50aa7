/**
 * The operator's side of a run: `clockwarden/CLUSTER/runs/ID/{plan.json,journal.jsonl}` below XDG_STATE_HOME, for this user's
 * eyes only. A line is on the disk before what it tells of begins, so that a machine which was cut knows what it had begun.
 * The nodes' own journals are the truth; this one knows the plan, and nodes that nobody reaches.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import * as z from 'zod';
import { type PlanDocument, readPlan, writePlan } from '../configure/index.ts';
import { stateDirectory } from '../state-directory/index.ts';

/** `at` in ISO 8601. What else it says is the caller's affair; {@link storedRuns} understands runs and nodes. */
export type JournalEntry = Readonly<Record<string, unknown>> & {
  readonly event: string;
  readonly at: string;
};

export interface RunJournal {
  readonly directory: string;
  /** Returns when the line is on the disk. Throws OperatorError when it cannot be. */
  write(entry: JournalEntry): void;
  close(): void;
}

/** A run as its journal tells it. */
export interface StoredRun {
  readonly id: string;
  readonly kind: 'apply' | 'rollback';
  readonly operator: string;
  /** ISO 8601, of the operator's clock. */
  readonly startedAt: string;
  /** Null: it was cut. */
  readonly result: 'done' | 'halted' | 'stopped' | null;
  /** Last progress of each node that it was to change. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Null: a rollback, or a plan that cannot be read any more. */
  plan(): PlanDocument | null;
}

/** `YYYYMMDDTHHMMSSZ-xxxx` */
export function isRunId(value: string): boolean {
  return /^\d{8}T\d{6}Z-[0-9a-f]{4}$/.test(value);
}

/** @param cluster a name without slashes, as the configuration holds it to */
export function createRunJournal(cluster: string, run: string, plan: PlanDocument | null): RunJournal {
  const directory = join(runsDirectory(cluster), run);
  orCannotWrite(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  if (plan !== null) writePlan(join(directory, PLAN), plan);
  return open(directory);
}

/** The journal of a run that goes on. */
export function reopenRunJournal(cluster: string, run: string): RunJournal {
  return open(join(runsDirectory(cluster), run));
}

/** In the order of their ids. A run whose journal has no beginning never began. */
export function storedRuns(cluster: string): readonly StoredRun[] {
  const directory = runsDirectory(cluster);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter(isRunId)
    .sort()
    .flatMap((id) => storedRun(join(directory, id), id) ?? []);
}

const PLAN = 'plan.json';
const JOURNAL = 'journal.jsonl';

function runsDirectory(cluster: string): string {
  return join(stateDirectory(), cluster, 'runs');
}

function open(directory: string): RunJournal {
  const path = join(directory, JOURNAL);
  const file = orCannotWrite(path, () => openSync(path, 'a', 0o600));
  return {
    directory,
    write: (entry) => {
      orCannotWrite(path, () => {
        writeSync(file, `${JSON.stringify(entry)}\n`);
        fsyncSync(file);
      });
    },
    close: () => closeSync(file),
  };
}

function orCannotWrite<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError('cannot-write', { where: path, detail: text(reason, reason) });
  }
}

const lineSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('run-started'),
    at: z.string(),
    kind: z.enum(['apply', 'rollback']),
    operator: z.string(),
    order: z.array(z.array(z.string())),
  }),
  z.object({ event: z.literal('run-continued') }),
  z.object({ event: z.literal('node'), node: z.string(), progress: z.string() }),
  z.object({ event: z.literal('run-ended'), result: z.enum(['done', 'halted', 'stopped']) }),
]);

/** What is not understood is passed over: the last line may have been cut, and actions are the nodes' affair. */
function storedRun(directory: string, id: string): StoredRun | null {
  let begun: Pick<StoredRun, 'kind' | 'operator' | 'startedAt'> | null = null;
  let result: StoredRun['result'] = null;
  const nodes: Record<string, string> = {};
  for (const line of linesOf(join(directory, JOURNAL))) {
    if (line.event === 'run-started') {
      begun = { kind: line.kind, operator: line.operator, startedAt: line.at };
      for (const node of line.order.flat()) nodes[node] = 'waiting';
    } else if (line.event === 'run-continued') result = null;
    else if (line.event === 'node') nodes[line.node] = line.progress;
    else result = line.result;
  }
  return begun === null ? null : { id, ...begun, result, nodes, plan: () => planIn(directory) };
}

function linesOf(path: string): readonly z.infer<typeof lineSchema>[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const parsed = lineSchema.safeParse(jsonOrNull(line));
      return parsed.success ? [parsed.data] : [];
    });
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function planIn(directory: string): PlanDocument | null {
  try {
    return readPlan(join(directory, PLAN));
  } catch (error) {
    if (error instanceof OperatorError) return null;
    throw error;
  }
}
