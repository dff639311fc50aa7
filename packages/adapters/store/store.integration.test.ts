import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HistoryStore } from '@clockwarden/core/ports';
import { needRoot, run, runOrThrow } from '@clockwarden/testkit/process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clockwarden-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const T0 = 1_800_000_000;
const config = (path: string) => ({ path, rawHours: 48, rollupDays: 90, maxBytes: 2 ** 30 });

/** Writes until killed `afterMs` from its first word; what it reported as written, and the last state. */
async function writeAndKill(path: string, start: number, afterMs: number): Promise<number> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./writer-child.ts', import.meta.url)), path, `${start}`],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: '' },
    },
  );
  let written = start - 60;
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words += String(chunk);
  });
  child.on('message', (message: { at: number; state: string }) => {
    expect(message.state).toBe('writing');
    written = message.at;
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([new Promise((resolve) => child.once('message', resolve)), exited]);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await exited;
  expect(words).toBe('');
  return written;
}

test('kill -9 at any moment loses nothing that was written and breaks nothing', async () => {
  const path = join(folder, 'history.sqlite');
  let written = T0 - 60;
  for (let round = 0; round < 8; round++) {
    written = await writeAndKill(path, written + 60, Math.random() * 250);
    const file = new DatabaseSync(path, { readOnly: true });
    expect(file.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    file.close();
    const store = await openStore(config(path));
    const latest = await store.latest();
    expect(latest).toHaveLength(50);
    expect(Math.min(...latest.map((sample) => sample.at))).toBeGreaterThanOrEqual(written);
    expect((await store.steps(written)).length).toBeGreaterThanOrEqual(1);
    await store.close();
  }
  expect(written).toBeGreaterThan(T0 + 600);
});

/** Fills with big samples until the store says that it stopped. */
async function fillUntilStopped(store: HistoryStore): Promise<void> {
  for (let round = 0; store.status().state === 'writing'; round++) {
    expect(round).toBeLessThan(500);
    store.write({
      samples: Array.from({ length: 5_000 }, (_, index) => ({
        node: `n${index}`,
        at: T0 + round * 60,
        offset: { seconds: Math.random(), low: -1, high: 2 },
        frequencyPpm: Math.random(),
        reach: 255,
        status: 'ok' as const,
      })),
    });
    await store.flush();
  }
}

test('a full disk stops the history, says so, and it goes on when there is room', async () => {
  needRoot('A small file system');
  const mount = join(folder, 'disk');
  mkdirSync(mount);
  await runOrThrow('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', mount]);
  let store: HistoryStore | undefined;
  try {
    store = await openStore(config(join(mount, 'history.sqlite')));
    const states: string[] = [];
    store.onState((status) => states.push(status.state));
    await fillUntilStopped(store);
    expect(store.status().problem?.en).toMatch(/full/);
    expect(store.status().problem?.['zh-CN']).toMatch(/磁盘/);
    const before = await store.latest();
    expect(before).toHaveLength(5_000);
    await store.flush();
    expect(store.status().state).toBe('stopped');
    await runOrThrow('mount', ['-o', 'remount,size=64m', mount]);
    await store.flush();
    expect(store.status()).toMatchObject({ state: 'writing', problem: null });
    expect(states).toEqual(['stopped', 'writing']);
    // What waited is there too.
    expect(Math.min(...(await store.latest()).map((sample) => sample.at))).toBeGreaterThan(
      before[0]?.at ?? 0,
    );
  } finally {
    await store?.close();
    await run('umount', [mount]);
  }
});

test('a folder that cannot be written stops the history only, until it can be', async () => {
  needRoot('A read-only mount');
  const mount = join(folder, 'disk');
  mkdirSync(mount);
  await runOrThrow('mount', ['-t', 'tmpfs', '-o', 'size=6m,ro', 'tmpfs', mount]);
  let store: HistoryStore | undefined;
  try {
    store = await openStore(config(join(mount, 'history.sqlite')));
    expect(store.status()).toMatchObject({
      state: 'stopped',
      problem: { en: expect.stringMatching(/read-only/) },
    });
    store.write({
      samples: [{ node: 'a', at: T0, offset: null, frequencyPpm: null, reach: null, status: 'ok' }],
    });
    await store.flush();
    expect(store.status().state).toBe('stopped');
    await runOrThrow('mount', ['-o', 'remount,rw', mount]);
    await store.flush();
    expect(store.status()).toMatchObject({ state: 'writing', problem: null });
    expect(await store.latest()).toMatchObject([{ node: 'a', at: T0 }]);
    expect(statSync(join(mount, 'history.sqlite')).size).toBeGreaterThan(0);
  } finally {
    await store?.close();
    await run('umount', [mount]);
  }
});
