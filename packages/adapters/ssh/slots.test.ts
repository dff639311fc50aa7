import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Slots } from './slots.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const slotsOf = (limit: number): Slots => new Slots({ limit, patienceMs: 500, most: 4 * limit });

/** Work that ends when told. */
function work() {
  let end = (): void => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { done, end };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

test('no more run at once than there are slots, and each end lets the next begin', async () => {
  const slots = slotsOf(2);
  const works = Array.from({ length: 5 }, work);
  const begun: number[] = [];
  const all = works.map(({ done }, index) =>
    slots.run(async (busy) => {
      busy();
      begun.push(index);
      await done;
    }),
  );
  await turns();
  expect(begun).toEqual([0, 1]);
  works[1]?.end();
  await turns();
  expect(begun).toEqual([0, 1, 2]);
  for (const { end } of works) end();
  await Promise.all(all);
  expect(begun.length).toBe(5);
});

test('one that hears nothing gives its slot away while it waits', async () => {
  const slots = slotsOf(1);
  const silent = work();
  const waiting = slots.run(() => silent.done);
  const next = slots.run(async () => 'answered');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await next).toBe('answered');
  silent.end();
  await waiting;
});

test('one that says that it waits gives its slot away at once, and takes it again when it goes on', async () => {
  const slots = slotsOf(1);
  const works = [work(), work(), work()] as const;
  const places: { busy(): void; away(): void }[] = [];
  const all = works.map(({ done }) =>
    slots.run(async (busy, away) => {
      places.push({ busy, away });
      await done;
    }),
  );
  await turns();
  places[0]?.away();
  await turns();
  expect(places.length).toBe(2);
  places[1]?.busy();
  places[0]?.busy();
  works[1].end();
  await turns();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(places.length).toBe(2);
  works[0].end();
  await turns();
  expect(places.length).toBe(3);
  works[2].end();
  await Promise.all(all);
});

test('silent ones do not grow without end', async () => {
  const slots = slotsOf(1);
  const silent = work();
  let begun = 0;
  const all = Array.from({ length: 10 }, () =>
    slots.run(() => {
      begun++;
      return silent.done;
    }),
  );
  // Long enough for every patience to end; none of them may bring more than four to life.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(4);
  silent.end();
  await Promise.all(all);
  expect(begun).toBe(10);
});

test('work that fails frees its slot', async () => {
  const slots = slotsOf(1);
  await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run(async () => 1)).toBe(1);
});
