import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { run } from '../process.ts';
import { TestLab } from '../testing/index.ts';

const labs: TestLab[] = [];

function newLab(name: string): TestLab {
  const lab = new TestLab(name);
  labs.push(lab);
  return lab;
}

afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.remove();
});

/** What a lab could leave on the machine: processes and mounts that name its directory, and its state. */
function remains(lab: TestLab): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (line.includes(lab.directory)) found.push(`process ${pid}: ${line}`);
    } catch {
      // It ended while we looked.
    }
  }
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    if (line.includes(lab.home)) found.push(`mount ${line}`);
  }
  if (existsSync(lab.directory)) found.push(`directory ${lab.directory}`);
  return found;
}

/** The host's own links, addresses, routes and named namespaces. */
async function hostNetwork(): Promise<string> {
  const parts: string[] = [];
  for (const what of [['-o', 'link'], ['-o', 'address'], ['route'], ['rule'], ['netns']]) {
    const listed = (await run('ip', what)).stdout.split('\n');
    // Other programs' pairs of links come and go: a lab's would be called so.
    parts.push(listed.filter((line) => /\b(lab|wire|n\d+|w\d+)\b|10\.9[89]\.0\./.test(line)).join('\n'));
  }
  return parts.join('').trim();
}

const up = ['--nodes', '2', '--image', 'bare'];

test('a lab leaves nothing of itself, and the host’s network never sees it', async () => {
  const lab = newLab('tidy');
  expect(await hostNetwork()).toBe('');
  await lab.must('up', ...up);
  expect(await hostNetwork()).toBe('');
  expect(remains(lab).length).toBeGreaterThan(0);
  expect((await lab.run('up', up)).stderr).toMatch(/is up already/);
  await lab.must('down');
  expect(remains(lab)).toEqual([]);
  expect((await lab.run('down')).code).toBe(0);
});

test('two labs run side by side and do not see each other', async () => {
  const [first, second] = [newLab('one'), newLab('two')];
  await Promise.all([
    first.must('up', ...up, '--clock', 'node1=+1h'),
    second.must('up', ...up, '--clock', 'node1=-1h'),
  ]);
  expect((await first.truth()).node1?.offsetSeconds).toBeCloseTo(3600, 2);
  expect((await second.truth()).node1?.offsetSeconds).toBeCloseTo(-3600, 2);
  await first.must('down');
  expect(remains(first)).toEqual([]);
  expect((await second.truth()).node1?.offsetSeconds).toBeCloseTo(-3600, 2);
});

describe('after kill -9 of the lab in the middle of a start', () => {
  test.each([
    [300, 'down'],
    [1500, 'down'],
    [4000, 'up'],
  ])('%i ms after the start, %s cleans up', async (delayMs, next) => {
    const lab = newLab('killed');
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../main.ts'), 'up', '--name', lab.name, ...up],
      {
        env: { ...process.env, XDG_STATE_HOME: lab.home },
        stdio: 'ignore',
      },
    );
    await wait(delayMs);
    child.kill('SIGKILL');
    if (next === 'up') {
      // What the dead lab had started inside goes on for now; a new start must get rid of it or say that it is up.
      const again = await lab.run('up', up);
      if (again.code !== 0) {
        expect(again.stderr).toMatch(/is up already/);
        await lab.must('down');
        await lab.must('up', ...up);
      }
      expect((await lab.truth()).node2?.boundSeconds).toBeLessThan(0.002);
    }
    await lab.must('down');
    expect(remains(lab)).toEqual([]);
  });
});

test('megabytes come to a node in seconds, from this machine and from another node', async () => {
  const lab = newLab('bulk');
  await lab.must('up', ...up);
  const take = `timeout 60 perl -MIO::Socket::INET -e '
    $listener = IO::Socket::INET->new(LocalPort => 5000, Listen => 1, ReuseAddr => 1) or die $!;
    $peer = $listener->accept; 1 while $got = sysread $peer, $bytes, 65536 and $all += $got; print $all'`;
  const give = 'until head -c 2000000 /dev/zero >/dev/tcp/10.99.0.11/5000; do sleep 0.2; done 2>/dev/null';
  const senders = [
    () => lab.inside(['timeout', '60', 'bash', '-c', give]),
    () => lab.on('node2', `timeout 60 bash -c '${give}'`),
  ];
  for (const sender of senders) {
    const [taken] = await Promise.all([lab.on('node1', take), sender()]);
    expect(taken).toMatchObject({ code: 0, stdout: '2000000' });
  }
  expect(readFileSync(join(lab.directory, 'nodes/node1/console.log'), 'utf8')).not.toMatch(/GSO/);
});

test('a snapshot brings back files and clock errors', async () => {
  const lab = newLab('snap');
  await lab.must('up', ...up, '--clock', 'node2=-90s');
  await lab.on('node1', 'echo before >/root/state; sync');
  await lab.must('snapshot', 'save', 'fresh');
  await lab.on('node1', 'echo after >/root/state; sync');
  await lab.must('fault', 'step', 'node2', 'by=+5h');
  await lab.must('fault', 'partition', 'node1');
  expect((await lab.run('snapshot', ['save', 'sick'])).stderr).toMatch(/end the faults first/);
  await lab.must('snapshot', 'restore', 'fresh');
  expect((await lab.on('node1', 'cat /root/state')).stdout).toBe('before\n');
  expect((await lab.truth()).node2?.offsetSeconds).toBeCloseTo(-90, 2);
  expect(await lab.must('fault')).toBe('no fault is in force\n');
});

describe('refusals', () => {
  test('without root it says what is missing, in one message', async () => {
    // The program's own directory may be closed to others, so the user changes and the rights to read stay.
    const outcome = await run('setpriv', [
      '--reuid=65534',
      '--inh-caps=+dac_override,+dac_read_search',
      '--ambient-caps=+dac_override,+dac_read_search',
      process.execPath,
      join(import.meta.dirname, '../main.ts'),
      'up',
    ]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/cannot run a lab:\n {2}- You are not root/);
  });

  test('without a tap device, too', async () => {
    const script = 'mount -t tmpfs none /dev/net && exec "$0" "$@"';
    const outcome = await run('unshare', [
      '--mount',
      'sh',
      '-c',
      script,
      process.execPath,
      join(import.meta.dirname, '../main.ts'),
      'up',
    ]);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/\/dev\/net\/tun is missing/);
  });

  test.each([
    [['status', '--name', 'nosuch'], /There is no lab "nosuch"/],
    [['up', '--name', '../x'], /not a name for a lab/],
    [['up', '--nodes', '0'], /--nodes must be/],
    [['fault', 'step', 'node1', 'by=1s', '--name', 'nosuch'], /There is no lab/],
  ])('%j', async (words, message) => {
    const lab = newLab('refuse');
    const outcome = await run(process.execPath, [join(import.meta.dirname, '../main.ts'), ...words], {
      env: { ...process.env, XDG_STATE_HOME: lab.home },
    });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toMatch(/ at .*\.ts/);
  });
});
