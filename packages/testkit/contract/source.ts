import { randomBytes } from 'node:crypto';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { FailureCode, Reading, SourceKind } from '@clockwarden/core/observe';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { nanosecondsOf, secondsOf } from '@clockwarden/core/time';
import { describe, expect, test } from 'vitest';

export interface SourceUnderTest {
  readonly source: Source;
  /** Answers properly. */
  readonly living: NodeSpec;
  /** Nodes that never answer, as many as are asked for: 0, 1, 2, … */
  dead(index: number): NodeSpec;
  /** The source's own deadline for one node, in seconds. */
  readonly timeoutSeconds: number;
  /** What the dead are told to be; a source that asks others about them knows no more than that. */
  readonly deadCodes?: readonly FailureCode[];
  /** How long before it was asked for a reading may be made, where others do the reading. */
  readonly readBeforeSeconds?: number;
  stop(): Promise<void>;
}

interface Emitted {
  readonly node: NodeSpec;
  readonly reading: Reading;
  readonly afterSeconds: number;
}

/** A busy machine is late by itself; what is tested here is minutes against seconds, not milliseconds. */
const PATIENCE_SECONDS = 10;
const timeBase = createTimeBase();

async function collect(
  source: Source,
  nodes: readonly NodeSpec[],
  signal: AbortSignal,
): Promise<readonly Emitted[]> {
  const started = timeBase.monotonic();
  const emitted: Emitted[] = [];
  const context: SourceContext = {
    timeBase,
    random: { bytes: (count) => new Uint8Array(randomBytes(count)) },
    signal,
  };
  await source.collect(nodes, context, (node, reading) => {
    emitted.push({ node, reading, afterSeconds: secondsOf(timeBase.monotonic() - started) });
  });
  return emitted;
}

const never = new AbortController().signal;

/** The contract of core/ports `Source`, for one implementation. `prepare` is called once a test. */
export function sourceContract(kind: SourceKind, prepare: () => Promise<SourceUnderTest>): void {
  const withSource = (run: (under: SourceUnderTest) => Promise<void>) => async (): Promise<void> => {
    const under = await prepare();
    try {
      await run(under);
    } finally {
      await under.source.close();
      await under.stop();
    }
  };

  describe(`the ${kind} source`, () => {
    test(
      'emits each node exactly once, with a reading made meanwhile and an offset inside its own bounds',
      withSource(async ({ source, living, dead, ...under }) => {
        const { deadCodes = ['unreachable', 'refused'], readBeforeSeconds = 0 } = under;
        const before = timeBase.monotonic() - nanosecondsOf(readBeforeSeconds);
        const emitted = await collect(source, [living, dead(0)], never);
        expect(source.kind).toBe(kind);
        expect(emitted.map(({ node }) => node.name).sort()).toEqual([living.name, dead(0).name].sort());
        for (const { reading } of emitted) {
          expect(reading.source).toBe(kind);
          expect(reading.at).toBeGreaterThanOrEqual(before);
          expect(reading.at).toBeLessThanOrEqual(timeBase.monotonic());
          expect(reading.tookSeconds).toBeGreaterThanOrEqual(0);
        }
        const answer = emitted.find(({ node }) => node.name === living.name)?.reading.result;
        expect(answer).toMatchObject({ ok: true });
        const offset = answer?.ok === true ? answer.facts.clock?.offset : undefined;
        if (offset !== undefined) {
          expect(offset.low).toBeLessThanOrEqual(offset.seconds);
          expect(offset.high).toBeGreaterThanOrEqual(offset.seconds);
        }
        const failure = emitted.find(({ node }) => node.name === dead(0).name)?.reading.result;
        expect(failure?.ok).toBe(false);
        expect(deadCodes).toContain(failure?.ok === false ? failure.failure.code : '');
      }),
    );

    test(
      'is not delayed by a hundred dead nodes',
      withSource(async ({ source, living, dead, timeoutSeconds }) => {
        const graves = Array.from({ length: 100 }, (_, index) => dead(index));
        const emitted = await collect(source, [...graves, living], never);
        const alive = emitted.find(({ node }) => node.name === living.name);
        expect(alive?.reading.result.ok).toBe(true);
        expect(emitted).toHaveLength(101);
        const last = Math.max(...emitted.map(({ afterSeconds }) => afterSeconds));
        expect(last).toBeLessThan(timeoutSeconds + PATIENCE_SECONDS);
        // Where the dead are found at once (refused), there is no delay to measure.
        if (last >= timeoutSeconds * 0.8) expect(alive?.afterSeconds).toBeLessThan(last);
      }),
    );

    test(
      'can be asked in parts that overlap, where it says so',
      withSource(async ({ source, living, dead }) => {
        if (source.asksByParts !== true) return;
        const parts = [[living], [dead(0), dead(1)]];
        const emitted = await Promise.all(parts.map((part) => collect(source, part, never)));
        expect(emitted.map((part) => part.map(({ node }) => node.name).sort())).toEqual(
          parts.map((part) => part.map(({ name }) => name).sort()),
        );
        expect(emitted[0]?.[0]?.reading.result.ok).toBe(true);
      }),
    );

    test(
      'ends soon after an abort and then emits nothing more',
      withSource(async ({ source, dead, timeoutSeconds }) => {
        const abort = new AbortController();
        const started = timeBase.monotonic();
        const running = collect(source, [dead(0)], abort.signal);
        abort.abort();
        const emitted = await running;
        expect(secondsOf(timeBase.monotonic() - started)).toBeLessThan(timeoutSeconds + PATIENCE_SECONDS);
        const count = emitted.length;
        await new Promise((resolve) => setImmediate(resolve));
        expect(emitted).toHaveLength(count);
        expect(count).toBeLessThanOrEqual(1);
      }),
    );

    test(
      'can be asked again, and about nobody',
      withSource(async ({ source, living }) => {
        expect(await collect(source, [], never)).toEqual([]);
        for (let round = 0; round < 3; round += 1) {
          const [only] = await collect(source, [living], never);
          expect(only?.reading.result.ok).toBe(true);
        }
      }),
    );
  });
}
