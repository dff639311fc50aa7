import { Worker } from 'node:worker_threads';
import type { Attack, Finding } from './attack.ts';
import { inputOf } from './mutate.ts';
import { type FoundTarget, seedsOf } from './target.ts';
import type { WorkerJob } from './worker.ts';

/** Attacks a target in a thread; a thread that stays at one input for ten times the limit (at least 10 s) is ended. */
export async function attackWatched(
  root: string,
  { target }: FoundTarget,
  plan: Attack,
): Promise<Finding | null> {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const job: WorkerJob = { root, name: target.name, plan, progress: progress.buffer as SharedArrayBuffer };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: job });
  let seen = 0;
  let since = performance.now();
  let watch: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Finding | null>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error(`the thread of ${target.name} ended without a result`)));
      watch = setInterval(() => {
        const at = Atomics.load(progress, 0);
        if (at !== seen || at === 0) {
          seen = at;
          since = performance.now();
        } else if (performance.now() - since > Math.max(10_000, plan.limitMs * 10)) {
          const index = at - 1;
          const input = inputOf(plan.seed, target.name, index, seedsOf(target));
          resolve({ kind: 'hang', index, detail: 'did not return', input });
        }
      }, 500);
    });
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}
