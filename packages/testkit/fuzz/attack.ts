/** Runs inputs through one target in this thread. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inputOf } from './mutate.ts';
import { type FuzzTarget, seedsOf } from './target.ts';

export interface Attack {
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly inputs: number;
  /** One input may take this long; a parser of megabyte pages is allowed no more than one of packets. */
  readonly limitMs: number;
  /** Ends the attack early, whatever is left of it: for the slice in the unit tests on a busy machine. */
  readonly budgetMs?: number;
}

export interface Finding {
  readonly kind: 'crash' | 'hang' | 'memory';
  readonly index: number;
  readonly detail: string;
  readonly input: Uint8Array;
}

/** Growth of the heap between the first tenth and the end that is still noise. */
const HEAP_NOISE_BYTES = 24 * 1024 * 1024;

/**
 * Stops at the first finding; null: none. `before` is told of each input ahead of its run, for a watchdog elsewhere:
 * an endless loop never returns here.
 */
export function attack(
  target: FuzzTarget,
  plan: Attack,
  before: (index: number) => void = () => {},
): Finding | null {
  const seeds = seedsOf(target);
  const collect = garbageCollector();
  const warm = plan.from + Math.ceil(plan.inputs / 10);
  const end = performance.now() + (plan.budgetMs ?? Number.POSITIVE_INFINITY);
  let heapWhenWarm = 0;
  for (let index = plan.from; index < plan.from + plan.inputs && performance.now() < end; index++) {
    const input = inputOf(plan.seed, target.name, index, seeds);
    before(index);
    const started = performance.now();
    try {
      target.run(input.slice());
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { kind: 'crash', index, detail, input };
    }
    const took = performance.now() - started;
    if (took > plan.limitMs && isSlowAgain(target, input, plan.limitMs)) {
      return { kind: 'hang', index, detail: `took ${Math.round(took)} ms`, input };
    }
    if (index === warm) heapWhenWarm = collect();
  }
  if (heapWhenWarm === 0) return null;
  const grown = collect() - heapWhenWarm;
  return grown < HEAP_NOISE_BYTES
    ? null
    : {
        kind: 'memory',
        index: plan.from + plan.inputs - 1,
        detail: `the heap grew by ${Math.round(grown / 1024)} KiB and stays so`,
        input: new Uint8Array(),
      };
}

/** A busy machine stops any process for a while: only what is slow three times is slow. */
function isSlowAgain(target: FuzzTarget, input: Uint8Array, limitMs: number): boolean {
  for (let attempt = 0; attempt < 3; attempt++) {
    const started = performance.now();
    target.run(input.slice());
    if (performance.now() - started <= limitMs) return false;
  }
  return true;
}

/** Collects garbage and returns the bytes of heap still in use. */
function garbageCollector(): () => number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
}
