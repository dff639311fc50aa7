import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '@clockwarden/core/errors';
import type { HistorySample } from '@clockwarden/core/ports';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from './index.ts';
import { APPLICATION_ID, migrations, VERSION } from './schema.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clockwarden-store-'));
  path = join(folder, 'history.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const config = (changes: { rawHours?: number; rollupDays?: number; maxBytes?: number } = {}) => ({
  path,
  rawHours: 48,
  rollupDays: 90,
  maxBytes: 2 ** 30,
  ...changes,
});
/** A multiple of 900. */
const T0 = 1_800_000_000;

function sample(node: string, at: number, seconds: number | null, bound = 0.001): HistorySample {
  return {
    node,
    at,
    offset: seconds === null ? null : { seconds, low: seconds - bound, high: seconds + bound },
    frequencyPpm: -12.345678,
    reach: 0o357,
    status: seconds === null ? 'unreachable' : Math.abs(seconds) > 30 ? 'warning' : 'ok',
  };
}

/** One sample every `every` seconds, offset growing by a microsecond each. */
function series(node: string, from: number, count: number, every: number): HistorySample[] {
  return Array.from({ length: count }, (_, index) => sample(node, from + index * every, index * 1e-6));
}

describe('what was written', () => {
  test('is read back with sign, interval, frequency and reach, to the nanosecond', async () => {
    const store = await openStore(config());
    store.write({
      samples: [
        sample('a', T0, 0.123456789, 0.000000321),
        sample('a', T0 + 5.25, -1.768e9, 0.5),
        sample('a', T0 + 10, null),
        sample('b', T0, 31),
      ],
    });
    await store.flush();
    const history = await store.history('a', T0, T0 + 60, 1500);
    expect(history.resolutionSeconds).toBe(0);
    expect(history.at).toEqual([T0, T0 + 5.25, T0 + 10]);
    expect(history.mean[0]).toBeCloseTo(0.123456789, 12);
    expect(history.low[0]).toBeCloseTo(0.123456468, 12);
    expect(history.high[0]).toBeCloseTo(0.12345711, 12);
    expect(history.mean[1]).toBeCloseTo(-1.768e9, 3);
    expect([history.mean[2], history.low[2], history.high[2]]).toEqual([null, null, null]);
    expect(history.frequencyPpm[0]).toBeCloseTo(-12.345678, 9);
    expect(history.reach[0]).toBe(0o357);
    expect(history.status).toEqual(['ok', 'warning', 'unreachable']);
    expect((await store.history('nobody', T0, T0 + 60, 100)).at).toEqual([]);
    await store.close();
  });

  test('is there after a reopen, with what was last and since when', async () => {
    const first = await openStore(config());
    first.write({ samples: [sample('a', T0, 0), sample('a', T0 + 60, 40), sample('a', T0 + 120, 41)] });
    first.write({
      changes: [
        { at: T0, node: 'a', kind: 'verdict', from: 'ok', to: 'warning', text: { en: 'x', 'zh-CN': '甲' } },
      ],
      steps: [{ node: 'a', at: T0 + 60, seconds: 40, boundSeconds: 0.002 }],
    });
    await first.close();
    const again = await openStore(config());
    expect(await again.latest()).toMatchObject([
      { node: 'a', at: T0 + 120, since: T0 + 60, status: 'warning' },
    ]);
    expect(await again.changes(T0)).toEqual([
      { at: T0, node: 'a', kind: 'verdict', from: 'ok', to: 'warning', text: { en: 'x', 'zh-CN': '甲' } },
    ]);
    expect(await again.changes(T0 + 1)).toEqual([]);
    expect(await again.steps(T0)).toEqual([{ node: 'a', at: T0 + 60, seconds: 40, boundSeconds: 0.002 }]);
    await again.close();
  });
});

describe('rollups', () => {
  test('hold mean, least, most, the widest interval and the worst status', async () => {
    const store = await openStore(config());
    const samples = [
      sample('a', T0, 0.001),
      sample('a', T0 + 20, 0.003, 0.1),
      sample('a', T0 + 40, 45, 0.01),
    ];
    store.write({ samples });
    store.write({ samples: series('a', T0 + 60, 60, 60) });
    await store.flush();
    const minutes = await store.history('a', T0 - 86_400, T0 + 3_600, 1_600);
    expect(minutes.resolutionSeconds).toBe(0);
    const quarters = await store.history('a', T0 - 86_400, T0 + 3_600, 10);
    expect(quarters.resolutionSeconds % 900).toBe(0);
    expect(quarters.at.length).toBeLessThanOrEqual(10);
    const first = quarters.at.findIndex((_, index) => quarters.max[index] === 45);
    expect(quarters.min[first]).toBe(0);
    expect(quarters.low[first]).toBeCloseTo(-0.097, 9);
    expect(quarters.high[first]).toBeCloseTo(45.01, 9);
    expect(quarters.status[first]).toBe('warning');
    await store.close();
  });

  test('serve what the samples no longer reach, and end with what is not rolled up yet', async () => {
    const store = await openStore(config({ rawHours: 2 }));
    // Ten hours, a sample every 20 s, in the order in which they come.
    for (let hour = 0; hour < 10; hour++) {
      store.write({ samples: series('a', T0 + hour * 3_600, 180, 20) });
      await store.flush();
    }
    const end = T0 + 36_000;
    const all = await store.history('a', T0, end, 1_500);
    expect(all.resolutionSeconds).toBe(60);
    expect(all.at).toEqual(Array.from({ length: 600 }, (_, minute) => T0 + minute * 60));
    expect(all.mean[599]).toBeCloseTo(178e-6, 9);
    const coarse = await store.history('a', T0, end, 50);
    expect(coarse.at).toEqual(Array.from({ length: 40 }, (_, quarter) => T0 + quarter * 900));
    expect(coarse.mean[39]).toBeCloseTo(157e-6, 9);
    const recent = await store.history('a', end - 1_800, end, 1_500);
    expect(recent.resolutionSeconds).toBe(0);
    expect(recent.at).toHaveLength(90);
    await store.close();
  });

  test('are not let go within the hour after the collector’s clock leapt ahead', async () => {
    const store = await openStore(config());
    const year = 365 * 86_400;
    const write = async (samples: readonly HistorySample[]): Promise<void> => {
      store.write({ samples });
      await store.flush();
    };
    const kept = async (): Promise<number> => (await store.history('a', T0, T0 + 4_000, 100)).at.length;
    await write(series('a', T0, 60, 60));
    await write([sample('a', T0 + 40 * year, 0)]);
    // Set right again within the hour.
    await write([sample('a', T0 + 3_700, 0)]);
    expect(await kept()).toBeGreaterThan(60);
    for (const after of [0, 3_000]) await write([sample('a', T0 + year + after, 0)]);
    expect(await kept()).toBeGreaterThan(60);
    await write([sample('a', T0 + year + 3_700, 0)]);
    expect(await kept()).toBe(0);
    await store.close();
  });

  test('are made anew where the collector’s clock went back', async () => {
    const store = await openStore(config());
    store.write({ samples: series('a', T0 + 7_200, 120, 60) });
    await store.flush();
    store.write({ samples: series('a', T0, 120, 60) });
    await store.flush();
    const all = await store.history('a', T0, T0 + 14_400, 30);
    expect(all.at).toEqual(Array.from({ length: 16 }, (_, quarter) => T0 + quarter * 900));
    await store.close();
  });
});

test('the size is bounded: the oldest samples go first, their rollups stay', async () => {
  const maxBytes = 1_500_000;
  const store = await openStore(config({ maxBytes }));
  for (let hour = 0; hour < 40; hour++) {
    store.write({ samples: ['a', 'b', 'c'].flatMap((node) => series(node, T0 + hour * 3_600, 720, 5)) });
    await store.flush();
  }
  const { bytes, state, oldestAt } = store.status();
  expect(state).toBe('writing');
  // The write-ahead log stands beside the file, up to its own limit.
  expect(bytes).toBeLessThan(maxBytes + 6_000_000);
  expect(oldestAt).toBe(T0);
  await store.close();
  expect(readFileSync(path).length).toBeLessThanOrEqual(maxBytes);
  const again = await openStore(config({ maxBytes }));
  const all = await again.history('a', T0, T0 + 40 * 3_600, 5_000);
  expect(all.resolutionSeconds).toBeGreaterThanOrEqual(60);
  expect(all.at[0]).toBe(T0);
  const recent = await again.history('a', T0 + 40 * 3_600 - 600, T0 + 40 * 3_600, 1_500);
  expect(recent.resolutionSeconds).toBe(0);
  await again.close();
});

describe('a file that is there already', () => {
  const refused = async (code: string): Promise<void> => {
    const before = readFileSync(path);
    await expect(openStore(config())).rejects.toMatchObject({ code });
    await expect(openStore(config())).rejects.toBeInstanceOf(OperatorError);
    expect(readFileSync(path).equals(before)).toBe(true);
  };

  test('of version 1 is brought to this version and keeps what it holds', async () => {
    const old = new DatabaseSync(path);
    old.exec(`PRAGMA application_id = ${APPLICATION_ID}; ${migrations[0]} PRAGMA user_version = 1`);
    old.exec("INSERT INTO node VALUES (1, 'a')");
    old.exec(`INSERT INTO sample VALUES (1, ${T0}000, 1500000, 1000, 2000, -12000000, 255, 0)`);
    old.close();
    const store = await openStore(config());
    store.write({ steps: [{ node: 'a', at: T0, seconds: 1, boundSeconds: 0 }] });
    await store.flush();
    expect(store.status().state).toBe('writing');
    expect((await store.history('a', T0 - 1, T0 + 1, 100)).mean).toEqual([expect.closeTo(0.0015, 12)]);
    await store.close();
    const now = new DatabaseSync(path);
    expect(now.prepare('PRAGMA user_version').get()).toEqual({ user_version: VERSION });
    now.close();
  });

  test('of a newer version is refused and left as it is', async () => {
    const store = await openStore(config());
    await store.close();
    const newer = new DatabaseSync(path);
    newer.exec(`PRAGMA user_version = ${VERSION + 1}`);
    newer.close();
    await refused('store-newer');
  });

  test('that is no history is refused and left as it is', async () => {
    writeFileSync(path, 'a diary, not a database\n'.repeat(100));
    await refused('store-unusable');
    writeFileSync(path, 'short');
    await refused('store-unusable');
    rmSync(path);
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE something (other)');
    other.close();
    await refused('store-unusable');
  });

  test('that is cut off is refused and left as it is', async () => {
    const store = await openStore(config());
    store.write({ samples: series('a', T0, 2_000, 5) });
    await store.close();
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 120));
    await refused('store-unusable');
  });

  test('is readable by its owner only', async () => {
    const store = await openStore(config());
    await store.close();
    chmodSync(folder, 0o755);
    const { statSync } = await import('node:fs');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

test('in memory nothing is left behind', async () => {
  const store = await openStore({ ...config(), path: ':memory:' });
  store.write({ samples: series('a', T0, 10, 60) });
  await store.flush();
  expect((await store.history('a', T0, T0 + 600, 100)).at).toHaveLength(10);
  expect(store.status()).toMatchObject({ state: 'writing', path: ':memory:' });
  await store.close();
  await store.close();
});
