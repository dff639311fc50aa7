import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Child, nodeSpawn, startChild } from './child.ts';
import { posixSpawn } from './posix-spawn.ts';

const starters: readonly [string, typeof startChild][] = [
  ['posix_spawn', (...words) => posixSpawn(...words) ?? never()],
  ["Node's own way", nodeSpawn],
];

function never(): never {
  throw new Error('posix_spawn was not to be had');
}

async function endOf(child: Child) {
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { stdout, stderr, exitCode: child.exitCode, signalCode: child.signalCode };
}

const shell = (start: typeof startChild, script: string, env = {}): Child =>
  start('sh', ['-c', script], { ...process.env, ...env });

describe.each(starters)('%s', (_, start) => {
  test('three streams, the words as they are, the environment, the exit code', async () => {
    const words = ['a b', '"\'$(id)', '时间', ''];
    const env = { ...process.env, TOLD: 'é\n', LEFT_OUT: undefined };
    const script = 'cat; printf "<%s>" "$@" "$TOLD" >&2; env | grep LEFT_OUT >&2; exit 7';
    const child = start('sh', ['-c', script, 'sh', ...words], env);
    child.stdin.end('in');
    expect(await endOf(child)).toEqual({
      stdout: 'in',
      stderr: `${words.map((word) => `<${word}>`).join('')}<é\n>`,
      exitCode: 7,
      signalCode: null,
    });
  });

  test('the signal that ended it', async () => {
    const child = shell(start, 'kill -TERM $$');
    expect(await endOf(child)).toMatchObject({ exitCode: null, signalCode: 'SIGTERM' });
  });

  test('no signal is blocked or ignored, and it leads a session', async () => {
    // A shell blocks signals of its own while it starts a program: grep takes its place.
    const child = shell(
      start,
      'cut -d" " -f6 /proc/$$/stat; exec grep -E "^Sig(Blk|Ign):" /proc/self/status',
    );
    const { stdout } = await endOf(child);
    const [session, ...signals] = stdout.trim().split('\n');
    expect(session).toBe(String(child.pid));
    // In hexadecimal; signals 32 and 33 are the C library's own.
    const masks = signals.map((line) => BigInt(`0x${line.split('\t')[1]}`) & ~0x1_8000_0000n);
    expect(masks).toEqual([0n, 0n]);
  });

  test('it inherits no stream of another child', async () => {
    const files = async () => (await endOf(start('ls', ['/proc/self/fd'], process.env))).stdout;
    const alone = await files();
    const others = Array.from({ length: 5 }, () => start('cat', [], process.env));
    expect(await files()).toBe(alone);
    for (const other of others) other.stdin.end();
    await Promise.all(others.map(endOf));
  });

  test('it ends before what it left behind with its streams does', async () => {
    const child = shell(start, 'sleep 600 & echo $!; exit 3');
    const closed = endOf(child);
    const [left] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
    expect(child.exitCode).toBe(3);
    expect(child.stdout.closed).toBe(false);
    process.kill(Number(left));
    await closed;
  });

  test('fifty at once leave neither processes nor files behind', async () => {
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    const children = Array.from({ length: 50 }, (_, code) => shell(start, `exit ${code}`));
    const codes = await Promise.all(children.map(async (child) => (await endOf(child)).exitCode));
    expect(codes).toEqual(Array.from({ length: 50 }, (_, code) => code));
    for (const { pid } of children) expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    expect(open()).toBeLessThan(before + children.length);
  });
});

describe.each([
  ['either', startChild],
  ["Node's own way", nodeSpawn],
])('a file that is no program, %s', (_, start) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clockwarden-child-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['nothing', null, 'ENOENT'],
    ['text', 0o600, 'EACCES'],
  ])('%s', async (name, mode, code) => {
    if (mode !== null) writeFileSync(join(folder, name), 'no program', { mode });
    const child = start(join(folder, name), [], process.env);
    const [error] = await once(child, 'error');
    expect({ code: error.code, pid: child.pid }).toEqual({ code, pid: undefined });
  });

  test('a script without its first line is run by a shell', async () => {
    writeFileSync(join(folder, 'script'), 'echo ran "$1"', { mode: 0o755 });
    const { stdout, exitCode } = await endOf(start(join(folder, 'script'), ['x'], process.env));
    expect({ stdout, exitCode }).toEqual({ stdout: 'ran x\n', exitCode: 0 });
  });
});

test('what could not be started leaves no file open', () => {
  const openAfter = (starts: number): number => {
    for (let count = 0; count < starts; count += 1) {
      expect(posixSpawn('/nowhere', [], process.env)).toBeNull();
    }
    return readdirSync('/proc/self/fd').length;
  };
  expect(openAfter(1)).toBe(openAfter(50));
});

test('a word with a NUL reaches no program', () => {
  for (const start of [startChild, nodeSpawn]) {
    expect(() => start('echo', ['a\0b'], process.env)).toThrow(/null bytes/);
    expect(() => start('echo', [], { ...process.env, A: 'a\0b' })).toThrow(/null bytes/);
  }
});

test('a PATH of its own is where the program is looked for', async () => {
  const child = startChild('sh', ['-c', 'exit 0'], { ...process.env, PATH: '/nowhere' });
  const [error] = await once(child, 'error');
  expect(error.code).toBe('ENOENT');
});
