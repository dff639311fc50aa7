import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openAgent, openLogins } from '@clockwarden/adapters/configure';
import { type Action, DEFAULT_MAX_STEP_SECONDS } from '@clockwarden/core/configure';
import { type ClusterPolicy, defaultSources, defaultTimesync } from '@clockwarden/core/policy';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { type PretendNode, startPretendNode } from '@clockwarden/testkit/pretend-node';
import { privateDirectory, removeDirectory } from '@clockwarden/testkit/process';
import { type Responder, startResponder } from '@clockwarden/testkit/responder';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { testContext } from '../terminal/test-context.ts';
import { type RollbackOptions, rollback } from './rollback.ts';

const CONF = '/etc/chrony/chrony.conf';
const before = 'server old.example iburst\nmakestep 1 3\n';
const after = 'server new.example iburst\nmakestep 1 3\n';

const spec = testNode('node');
const state = privateDirectory('rollback');
let node: PretendNode;
let upstream: Responder;
let policy: ClusterPolicy;

beforeAll(async () => {
  vi.stubEnv('XDG_STATE_HOME', state);
  [node, upstream] = await Promise.all([startPretendNode(), startResponder()]);
  policy = testPolicy({
    nodes: [spec],
    sources: { ssh: { ...defaultSources.ssh, configFile: node.sshConfig, timeoutSeconds: 30 } },
    timesync: {
      ...defaultTimesync,
      topology: 'direct',
      upstreams: [`${upstream.address}:${upstream.port}`],
    },
  });
  mkdirSync(node.at('/etc/chrony'), { recursive: true });
  writeFileSync(node.at('/usr/local/state/units/chrony.service'), 'active\nenabled\n');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await upstream.stop();
  await node.stop();
  removeDirectory(state);
});

let runs = 0;
beforeEach(async () => {
  runs += 1;
  writeFileSync(node.at(CONF), before, { mode: 0o644 });
  const logins = openLogins(policy.sources.ssh ?? defaultSources.ssh);
  try {
    const opened = await openAgent(spec, logins, new AbortController().signal);
    if (!opened.ok) throw new Error(opened.failure.text.en);
    const { agent } = opened;
    const actions = [{ action: configure(after), inverse: configure(before) }];
    const run = `20260101T000000Z-${String(runs).padStart(4, '0')}`;
    await agent.begin({ run, operator: 'ann@desk', actions, takeOver: false });
    await agent.perform(0);
    await agent.finish('applied');
    await agent.close();
  } finally {
    await logins.close();
  }
  expect(readFileSync(node.at(CONF), 'utf8')).toBe(after);
});

function configure(conf: string): Action {
  const content = Buffer.from(conf).toString('base64');
  const file = { kind: 'file', content, mode: 0o644, owner: 'root', group: 'root' } as const;
  return {
    kind: 'configure-daemon',
    daemon: 'chronyd',
    unit: 'chrony.service',
    files: [{ path: CONF, state: file }],
  };
}

async function rolledBack(
  more: Partial<RollbackOptions> = {},
  json = false,
): Promise<{ code: number; output: string }> {
  const { context, lines } = testContext('en', json);
  const code = await rollback(context, policy, {
    names: [],
    to: undefined,
    force: false,
    takeOver: false,
    yes: true,
    allowStep: false,
    allowBackwards: false,
    maxStepSeconds: DEFAULT_MAX_STEP_SECONDS,
    askSudoPassword: false,
    ...more,
  });
  return { code, output: lines.join('\n') };
}

const conf = (): string => readFileSync(node.at(CONF), 'utf8');

test('a clock that is right is put back into the hands of the daemon of before', async () => {
  await upstream.behave({});
  const { code, output } = await rolledBack();
  expect(output).toMatch(/Its clock is off by .*s: chrony as it was before will (find nothing|slew it)/);
  expect(code).toBe(0);
  expect(conf()).toBe(before);
});

test('a large step stops it before the first write, until it is allowed', async () => {
  await upstream.behave({ aheadSeconds: 7_200 });
  const refused = await rolledBack();
  expect(refused.output).toContain('chrony as it was before will step it forwards');
  expect(refused.output).toContain('node would be stepped by +120 min, more than 60 min.');
  expect(refused.code).toBe(1);
  const events = (await rolledBack({}, true)).output.split('\n').map((line): unknown => JSON.parse(line));
  expect(events).toMatchObject([
    { event: 'clocks', nodes: [{ node: 'node', unit: 'chrony.service', correction: { kind: 'step' } }] },
    { event: 'refused', nodes: [{ code: 'step-too-large' }] },
  ]);
  expect(conf()).toBe(after);
  expect((await rolledBack({ maxStepSeconds: 10_000 })).code).toBe(0);
  expect(conf()).toBe(before);
});

test('a step backwards is asked about in spite of --yes', async () => {
  await upstream.behave({ aheadSeconds: -20 });
  await expect(rolledBack()).rejects.toMatchObject({ code: 'needs-answer' });
  expect(conf()).toBe(after);
  expect((await rolledBack({ allowBackwards: true })).code).toBe(0);
});

test('nobody who tells the time holds it up', async () => {
  await upstream.behave({ copies: 0 });
  const { code, output } = await rolledBack();
  expect(output).toContain('How far its clock is off cannot be told, nor whether chrony as it was before');
  expect(code).toBe(0);
  expect(conf()).toBe(before);
});
