import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runProgram, startProgram } from './index.ts';

const patient = { timeoutMs: 15_000 };

test('both streams and the exit code come back', async () => {
  const end = await runProgram('sh', ['-c', 'cat; echo no >&2; exit 3'], { ...patient, input: 'yes\n' });
  expect(end).toEqual({ kind: 'exited', code: 3, stdout: 'yes\n', stderr: 'no\n' });
});

test('a program that does not exist is an outcome, not an exception', async () => {
  expect(await runProgram('/nowhere/program', [], patient)).toMatchObject({
    kind: 'not-started',
    reason: 'ENOENT',
  });
});

test('at the deadline the program and its children are killed, and what they wrote is kept', async () => {
  const end = await runProgram('sh', ['-c', 'echo early; sleep 600 & sleep 600'], { timeoutMs: 300 });
  expect(end).toMatchObject({ kind: 'timed-out', stdout: 'early\n' });
});

test('an abort ends it, also when it came before the start', async () => {
  const controller = new AbortController();
  const running = startProgram('sleep', ['600'], { ...patient, signal: controller.signal });
  controller.abort();
  expect(await running.ended).toMatchObject({ kind: 'aborted' });
  expect(await runProgram('true', [], { ...patient, signal: controller.signal })).toMatchObject({
    kind: 'aborted',
  });
});

test('output without end is cut off', async () => {
  const end = await runProgram('yes', [], { ...patient, maxOutputBytes: 100_000 });
  expect(end.kind).toBe('too-much-output');
  expect(end.stdout.length).toBeLessThan(1_000_000);
});

test('a child left behind with the pipes in its hands does not keep the caller waiting', async () => {
  const end = await runProgram('sh', ['-c', 'setsid sleep 5 & echo gone'], patient);
  expect(end).toMatchObject({ kind: 'exited', code: 0, stdout: 'gone\n' });
});

test('a conversation: each line is heard when it is said', async () => {
  const heard: string[] = [];
  const running = startProgram('sh', ['-c', 'read a; echo "1 $a"; read b; echo "2 $b"'], {
    ...patient,
    onStdout: (bytes) => {
      heard.push(Buffer.from(bytes).toString());
      running.write('second\n');
    },
  });
  running.write('first\n');
  expect(await running.ended).toMatchObject({ kind: 'exited', code: 0 });
  expect(heard).toEqual(['1 first\n', '2 second\n']);
});

test('writing to a program that is gone hurts nobody', async () => {
  const running = startProgram('true', [], patient);
  await running.ended;
  running.write('x'.repeat(1_000_000));
  running.kill();
  expect((await running.ended).kind).toBe('exited');
});

test('whoever waits for nothing else still hears the end, at the deadline too', () => {
  const index = JSON.stringify(join(import.meta.dirname, 'index.ts'));
  for (const script of ['exec sleep 600', 'exec >&- 2>&-; exec sleep 600']) {
    const program = `const { runProgram } = await import(${index});
      const end = await runProgram('sh', ['-c', ${JSON.stringify(script)}], { timeoutMs: 200 });
      console.log(end.kind);`;
    const args = ['--input-type=module', '--eval', program];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('timed-out\n');
  }
});
