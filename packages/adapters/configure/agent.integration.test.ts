import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Action } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { defaultSources } from '@clockwarden/core/policy';
import { type PretendNode, startPretendNode } from '@clockwarden/testkit/pretend-node';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type AgentJob,
  type NodeAgent,
  type NodeLogins,
  openAgent,
  openLogins,
  type StepResult,
} from './index.ts';

let node: PretendNode;
let logins: NodeLogins;
beforeAll(async () => {
  node = await startPretendNode();
  logins = openLogins({ ...defaultSources.ssh, configFile: node.sshConfig, timeoutSeconds: 30 });
});
afterAll(async () => {
  await logins.close();
  await node.stop();
});

const spec: NodeSpec = { name: 'node', address: 'node', roles: [], ssh: {}, origin: 'test' };
const ok: StepResult = { ok: true };
let runs = 0;
let run = '';
beforeEach(() => {
  runs += 1;
  run = `20260101T000000Z-${String(runs).padStart(4, '0')}`;
});

async function open(signal = new AbortController().signal): Promise<NodeAgent> {
  const opened = await openAgent(spec, logins, signal);
  if (!opened.ok) throw new Error(opened.failure.text.en);
  return opened.agent;
}

function file(content: string): Extract<Action, { kind: 'put-file' }>['state'] {
  const encoded = Buffer.from(content).toString('base64');
  return { kind: 'file', content: encoded, mode: 0o640, owner: 'root', group: 'root' };
}

function put(path: string, state: Extract<Action, { kind: 'put-file' }>['state']): Action {
  return { kind: 'put-file', path, state };
}

function job(actions: readonly (readonly [Action, Action | null])[], takeOver = false): AgentJob {
  return {
    run,
    operator: '运维@laptop',
    actions: actions.map(([action, inverse]) => ({ action, inverse })),
    takeOver,
  };
}

/** One action from begin to the end of its run. */
async function doOne(action: Action, inverse: Action | null = null): Promise<StepResult> {
  const agent = await open();
  try {
    expect(await agent.begin(job([[action, inverse]]))).toEqual(ok);
    return await agent.perform(0);
  } finally {
    await agent.finish('applied');
    await agent.close();
  }
}

function unit(name: string, ...states: readonly string[]): void {
  writeFileSync(node.at(`/usr/local/state/units/${name}`), states.map((state) => `${state}\n`).join(''));
}
const unitIs = (name: string): readonly string[] =>
  readFileSync(node.at(`/usr/local/state/units/${name}`), 'utf8')
    .split('\n')
    .filter(Boolean)
    .sort();

function write(path: string, content: string): void {
  mkdirSync(dirname(node.at(path)), { recursive: true });
  writeFileSync(node.at(path), content);
}
const read = (path: string): string => readFileSync(node.at(path), 'utf8');

test('a file is put, a run is remembered, and put back to what it was', async () => {
  const agent = await open();
  expect(agent.remembered).toEqual({ lock: null, runs: [] });
  const path = '/etc/cron.d/ours/of/time';
  const units = readdirSync(node.at('/etc/systemd/system'), { recursive: true }).sort();
  expect(await agent.begin(job([[put(path, file('one\n')), put(path, { kind: 'absent' })]]))).toEqual(ok);
  expect(await agent.perform(0)).toEqual(ok);
  expect(read(path)).toBe('one\n');
  expect(statSync(node.at(path)).mode & 0o777).toBe(0o640);
  expect(existsSync(node.at('/etc/systemd/system/clockwarden-recover.service'))).toBe(true);
  expect(await agent.undo(0)).toEqual(ok);
  expect(existsSync(node.at('/etc/cron.d/ours'))).toBe(false);
  expect(await agent.finish('rolled-back')).toEqual(ok);
  await agent.close();
  expect(readdirSync(node.at('/etc/systemd/system'), { recursive: true }).sort()).toEqual(units);
  expect(readdirSync(node.at('/var/lib/clockwarden')).sort()).toEqual(['history', 'pristine', 'runs']);
  const again = await open();
  expect(again.remembered).toMatchObject({
    lock: null,
    runs: [
      {
        id: run,
        operator: '运维@laptop',
        state: 'rolled-back',
        done: [],
        undone: [0],
        begun: null,
        actions: 1,
        undoOrder: [0],
      },
    ],
  });
  await again.close();
});

test('a link leads somewhere; only what was broken before may be so again', async () => {
  const path = '/etc/localtime';
  const broken = put(path, { kind: 'link', target: '/usr/share/zoneinfo/Mars/Olympus' });
  expect(await doOne(broken)).toMatchObject({
    ok: false,
    code: 'failed',
    text: { en: expect.stringMatching(/lead nowhere/) },
  });
  const agent = await open();
  run = `${run}b`;
  await agent.begin(job([[put(path, { kind: 'link', target: '../usr/share/zoneinfo/UTC' }), broken]]));
  expect(await agent.perform(0)).toEqual(ok);
  expect(readlinkSync(node.at(path))).toBe('../usr/share/zoneinfo/UTC');
  expect(await agent.undo(0)).toEqual(ok);
  expect(readlinkSync(node.at(path))).toBe('/usr/share/zoneinfo/Mars/Olympus');
  await agent.finish('rolled-back');
  await agent.close();
});

test('two operators: the second is told who is there, and may take over', async () => {
  const path = '/etc/cron.d/two';
  const first = await open();
  const firstRun = run;
  expect(await first.begin(job([[put(path, file('1')), null]]))).toEqual(ok);
  const second = await open();
  expect(second.remembered.lock).toMatchObject({ operator: '运维@laptop', run: firstRun });
  run = `${run}b`;
  const other = job([[put(path, file('2')), null]]);
  expect(await second.begin({ ...other, operator: 'second' })).toMatchObject({
    ok: false,
    code: 'locked',
    lock: { operator: '运维@laptop', run: firstRun },
  });
  expect(await second.begin({ ...other, operator: 'second', takeOver: true })).toEqual(ok);
  expect(await first.perform(0)).toMatchObject({
    ok: false,
    code: 'locked',
    lock: { operator: 'second', run },
  });
  expect(await first.finish('applied')).toMatchObject({ ok: false, code: 'locked' });
  expect(await second.perform(0)).toEqual(ok);
  await first.close();
  expect(await second.finish('applied')).toEqual(ok);
  // Closing gives back no lock that is another's, and a run that was not ended can be ended later.
  expect(await second.resume(firstRun)).toEqual(ok);
  expect(await second.undo(0)).toEqual(ok);
  expect(await second.finish('rolled-back')).toEqual(ok);
  await second.close();
});

test('an operator whose login died unnoticed comes back to the same run', async () => {
  const path = '/etc/cron.d/back';
  const silent = await open();
  expect(await silent.begin(job([[put(path, file('1')), null]]))).toEqual(ok);
  const again = await open();
  expect(await again.resume(run, { operator: 'another' })).toMatchObject({ ok: false, code: 'locked' });
  expect(await again.resume(run, { operator: '运维@laptop' })).toEqual(ok);
  expect(await silent.perform(0)).toMatchObject({ ok: false, code: 'locked' });
  expect(await again.perform(0)).toEqual(ok);
  expect(await again.finish('applied')).toEqual(ok);
  await silent.close();
  await again.close();
});

test('a lock whose agent is dead keeps nobody out', async () => {
  const stop = new AbortController();
  const agent = await open(stop.signal);
  expect(await agent.begin(job([[put('/etc/cron.d/dead', file('1')), null]]))).toEqual(ok);
  const pid = readlinkSync(node.at('/var/lib/clockwarden/lock')).split('.')[4];
  process.kill(Number(pid), 'SIGKILL');
  expect(await agent.perform(0)).toMatchObject({ ok: false, code: 'lost' });
  const next = await open();
  expect(next.remembered.lock).toBeNull();
  expect(await next.resume(run)).toEqual(ok);
  expect(await next.finish('rolled-back')).toEqual(ok);
  await next.close();
});

test('the login dies: the lock is given back', async () => {
  const stop = new AbortController();
  const agent = await open(stop.signal);
  expect(await agent.begin(job([]))).toEqual(ok);
  stop.abort();
  expect(await agent.finish('applied')).toMatchObject({ ok: false, code: 'lost' });
  await waitFor(() => !readdirSync(node.at('/var/lib/clockwarden')).includes('lock'));
  const next = await open();
  expect(await next.resume(run)).toEqual(ok);
  expect(await next.finish('applied')).toEqual(ok);
  await next.close();
});

test('what the agent does not know it refuses', async () => {
  const agent = await open();
  expect(await agent.resume('../../etc')).toMatchObject({ ok: false, code: 'refused' });
  expect(await agent.resume('20250101T000000Z-0000')).toMatchObject({ ok: false, code: 'refused' });
  expect(await agent.begin(job([]))).toEqual(ok);
  expect(await agent.perform(3)).toMatchObject({ ok: false, code: 'refused' });
  expect(await agent.undo(-1)).toMatchObject({ ok: false, code: 'refused' });
  expect(await agent.finish('applied')).toEqual(ok);
  expect(await agent.begin(job([]))).toMatchObject({ ok: false, code: 'refused' });
  await agent.close();
});

test('a full disk and a read-only one are named, and nothing half-written is left', async () => {
  const path = '/etc/cron.d/full';
  await node.enter(
    'mount -t tmpfs -o size=16k none /etc/cron.d; cp /dev/zero /etc/cron.d/filler 2>/dev/null; :',
  );
  try {
    expect(await doOne(put(path, file('x'.repeat(9_000))))).toMatchObject({
      ok: false,
      code: 'failed',
      text: { en: 'The disk is full: /etc/cron.d/full.' },
    });
    await node.enter('[ "$(ls -A /etc/cron.d)" = filler ]');
    await node.enter('mount -o remount,ro /etc/cron.d');
    run = `${run}b`;
    expect(await doOne(put(path, file('x')))).toMatchObject({
      ok: false,
      code: 'failed',
      text: { en: 'The file system is read-only: /etc/cron.d/full.' },
    });
  } finally {
    await node.enter('umount /etc/cron.d');
  }
  await node.enter('mount -t tmpfs -o size=16k none /var/lib; cp /dev/zero /var/lib/filler 2>/dev/null; :');
  try {
    const agent = await open();
    expect(await agent.begin(job([[put(path, file('x')), null]]))).toMatchObject({
      ok: false,
      code: 'failed',
      text: { en: expect.stringMatching(/disk is full/) },
    });
    await agent.close();
  } finally {
    await node.enter('umount /var/lib');
  }
});

const CONF = '/etc/chrony/chrony.conf';
const configure = (content: string): Action => ({
  kind: 'configure-daemon',
  daemon: 'chronyd',
  unit: 'chrony.service',
  files: [
    { path: CONF, state: file(content) },
    { path: '/etc/chrony/sources.d/a.sources', state: file('server a\n') },
  ],
});

test('a configuration that its parser refuses replaces nothing', async () => {
  unit('chrony.service', 'active');
  write(CONF, 'pool p\n');
  expect(await doOne(configure('wrong\n'))).toMatchObject({
    ok: false,
    code: 'failed',
    text: { en: expect.stringMatching(/does not accept .*chrony.conf: Invalid directive at line 1/) },
  });
  expect(read(CONF)).toBe('pool p\n');
  expect(readdirSync(node.at('/etc/chrony'))).toEqual(['chrony.conf']);
});

test('a daemon that does not come up with its new files runs again with the old ones', async () => {
  unit('chrony.service', 'active');
  write(CONF, 'pool p\n');
  expect(await doOne(configure('crash\n'))).toMatchObject({
    ok: false,
    code: 'failed',
    text: { en: 'chrony.service does not stay up: Could not open /dev/nowhere' },
  });
  expect(read(CONF)).toBe('pool p\n');
  expect(readdirSync(node.at('/etc/chrony'))).toEqual(['chrony.conf']);
  expect(unitIs('chrony.service')).toEqual(['active']);
  run = `${run}b`;
  expect(await doOne(configure('server b\n'))).toEqual(ok);
  expect([read(CONF), unitIs('chrony.service')]).toEqual(['server b\n', ['active']]);
});

test('a daemon that runs and answers nobody is not up', async () => {
  unit('chrony.service', 'active');
  write(CONF, 'pool p\n');
  write('/usr/local/state/deaf', '');
  write('/usr/local/state/journal', 'Fatal error : Could not bind\n');
  const agent = await open();
  await agent.begin(job([[configure('server c\n'), null]]));
  const result = await agent.perform(0);
  expect(result).toMatchObject({
    ok: false,
    code: 'failed',
    text: { en: expect.stringMatching(/could not be put back either/) },
  });
  await agent.close();
  expect(read(CONF)).toBe('pool p\n');
  await node.enter('rm /usr/local/state/deaf');
  const next = await open();
  // It is neither done nor undone: the run must be continued.
  expect(next.remembered.runs.at(-1)).toMatchObject({ id: run, begun: 0, done: [], undone: [] });
  await next.resume(run);
  expect(await next.perform(0)).toEqual(ok);
  await next.finish('applied');
  await next.close();
});

test('after a step the daemon measures once more: that clears the kernel’s flag', async () => {
  unit('chrony.service', 'active');
  write('/usr/local/state/asked', '');
  expect(await doOne({ kind: 'resync', daemon: 'chronyd', unit: 'chrony.service' })).toEqual(ok);
  expect(read('/usr/local/state/asked').match(/(?<=^chronyc ).*/gm)).toEqual([
    'burst 4/4',
    'activity',
    'makestep',
    'burst 4/4',
    '-n tracking',
  ]);
});

test('cut in the middle, a boot ends it: the daemon runs, with what it can read', async () => {
  unit('chrony.service', 'active');
  write(CONF, 'pool p\n');
  write('/usr/local/state/hangs', '');
  const agent = await open();
  expect(await agent.begin(job([[configure('crash\n'), null]]))).toEqual(ok);
  const cut = agent.perform(0);
  await waitFor(() => read(CONF) === 'crash\n');
  await waitFor(() => read('/usr/local/state/asked').trimEnd().endsWith('systemctl restart chrony.service'));
  process.kill(Number(readlinkSync(node.at('/var/lib/clockwarden/lock')).split('.')[4]), 'SIGKILL');
  expect(await cut).toMatchObject({ ok: false, code: 'lost' });
  // What a boot would find.
  unit('chrony.service');
  await node.enter('rm /usr/local/state/hangs; sh /var/lib/clockwarden/agent.sh boot');
  expect([read(CONF), unitIs('chrony.service')]).toEqual(['pool p\n', ['active']]);
  const next = await open();
  expect(next.remembered).toMatchObject({ lock: null });
  expect(next.remembered.runs.at(-1)).toMatchObject({ id: run, begun: null, done: [], state: 'unfinished' });
  expect(await next.resume(run)).toEqual(ok);
  expect(await next.finish('rolled-back')).toEqual(ok);
  await next.close();
});

test('the state from before an action that has ended, back after a power cut, rules nothing', async () => {
  unit('chrony.service', 'active');
  write(CONF, 'pool p\n');
  const agent = await open();
  await agent.begin(job([[configure('server d\n'), configure('pool p\n')]]));
  expect(await agent.perform(0)).toEqual(ok);
  write(`/var/lib/clockwarden/runs/${run}/before.0/was_active`, 'yes\n');
  // Its package was put back before its files: there is nothing that could be restarted.
  rmSync(node.at('/usr/local/state/units/chrony.service'));
  expect(await agent.undo(0)).toEqual(ok);
  expect(read(CONF)).toBe('pool p\n');
  await agent.finish('rolled-back');
  await agent.close();
});

const units = (wanted: Readonly<Record<string, string>>): Action => ({
  kind: 'set-units',
  units: Object.fromEntries(
    Object.entries(wanted).map(([name, states]) => [
      name,
      { active: states.includes('a'), enabled: states.includes('e'), masked: states.includes('m') },
    ]),
  ),
});

test('units change hands; what is gone is inactive already', async () => {
  unit('chrony.service', 'masked');
  unit('ntpsec.service', 'active', 'enabled');
  const hand = units({ 'openntpd.service': '', 'ntpsec.service': '', 'chrony.service': 'ae' });
  const back = units({ 'openntpd.service': '', 'ntpsec.service': 'ae', 'chrony.service': 'm' });
  const agent = await open();
  await agent.begin(job([[hand, back]]));
  expect(await agent.perform(0)).toEqual(ok);
  expect([unitIs('chrony.service'), unitIs('ntpsec.service')]).toEqual([['active', 'enabled'], []]);
  const asked = read('/usr/local/state/asked');
  // What a boot would start is settled first; the clock has one owner meanwhile.
  const order = ['unmask chrony', 'enable chrony', 'disable ntpsec', 'stop ntpsec', 'start chrony'];
  const places = order.map((words) => asked.lastIndexOf(`systemctl ${words}.service`));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(await agent.undo(0)).toEqual(ok);
  expect([unitIs('chrony.service'), unitIs('ntpsec.service')]).toEqual([['masked'], ['active', 'enabled']]);
  await agent.finish('rolled-back');
  await agent.close();
});

test('a hand-over whose new owner does not come up is taken back', async () => {
  unit('chrony.service', 'broken');
  unit('ntpsec.service', 'active', 'enabled');
  expect(await doOne(units({ 'ntpsec.service': '', 'chrony.service': 'ae' }))).toMatchObject({
    ok: false,
    code: 'failed',
  });
  expect([unitIs('chrony.service'), unitIs('ntpsec.service')]).toEqual([['broken'], ['active', 'enabled']]);
});
