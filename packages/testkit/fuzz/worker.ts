/** One target in a thread of its own, which the watchdog can end. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Attack, attack } from './attack.ts';
import { findTargets } from './target.ts';

export interface WorkerJob {
  readonly root: string;
  readonly name: string;
  readonly plan: Attack;
  /** [0]: number of the input under way, plus one; the watchdog looks whether it moves. */
  readonly progress: SharedArrayBuffer;
}

const job = workerData as WorkerJob;
const progress = new Int32Array(job.progress);
const found = (await findTargets(job.root)).find(({ target }) => target.name === job.name);
if (found === undefined) throw new Error(`no target ${job.name}`);
parentPort?.postMessage(
  attack(found.target, job.plan, (index) => void Atomics.store(progress, 0, index + 1)),
);
