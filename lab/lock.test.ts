import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from './lock.ts';

const subject = `test ${process.pid}`;

test('two never act at once, and each has its turn', async () => {
  let inside = 0;
  let most = 0;
  const act = async (): Promise<void> => {
    inside++;
    most = Math.max(most, inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(subject, () => undefined, act)));
  expect(most).toBe(1);
});

test('a lock whose owner is killed is free at once', async () => {
  const script = `import { withLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    await withLock(${JSON.stringify(subject)}, () => {}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  let waited = false;
  const turn = withLock(
    subject,
    () => {
      waited = true;
      child.kill('SIGKILL');
    },
    async () => 'mine',
  );
  expect(await turn).toBe('mine');
  expect(waited).toBe(true);
});

test('a failure gives the lock back', async () => {
  await expect(
    withLock(
      subject,
      () => undefined,
      () => Promise.reject(new Error('no')),
    ),
  ).rejects.toThrow('no');
  expect(
    await withLock(
      subject,
      () => undefined,
      async () => 'mine',
    ),
  ).toBe('mine');
});
