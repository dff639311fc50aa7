/** Clocks that were set: REALTIME − MONOTONIC of a node moved between two readings of one source. */
import type { Step } from '@clockwarden/api/console';
import { isoOf } from '@clockwarden/api/snapshot';
import { clockStep } from '@clockwarden/core/kernel';
import type { Reading, StepClock } from '@clockwarden/core/observe';
import { boundOf, type Instant } from '@clockwarden/core/time';

const KEPT_PER_NODE = 100;

export class StepWatch {
  readonly #clocks = new Map<string, StepClock>();
  readonly #steps = new Map<string, Step[]>();

  /** The step that this reading shows, if it does. */
  look(node: string, reading: Reading, at: Instant): Step | null {
    const clock = reading.result.ok ? reading.result.facts.stepClock : null;
    if (clock === null) return null;
    // Each source reads the clocks in its own way; two ways must not be held against each other.
    const key = `${reading.source} ${node}`;
    const before = this.#clocks.get(key);
    this.#clocks.set(key, clock);
    const moved = before === undefined ? null : clockStep(before, clock);
    if (moved === null) return null;
    const step = { node, at: isoOf(at), seconds: moved.seconds, boundSeconds: boundOf(moved) };
    this.remember(step);
    return step;
  }

  remember(step: Step): void {
    const steps = this.#steps.get(step.node) ?? [];
    this.#steps.set(step.node, [...steps.slice(1 - KEPT_PER_NODE), step]);
  }

  of(node: string): readonly Step[] {
    return this.#steps.get(node) ?? [];
  }
}
