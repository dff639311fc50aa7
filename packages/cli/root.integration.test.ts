/** Who becomes root on a node: only a session that cannot do without. By the log of a real sudo. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  askAccess,
  gatherFacts,
  healthOf,
  type NodeLogins,
  openAgent,
  openLogins,
  readJob,
} from '@clockwarden/adapters/configure';
import { createSources } from '@clockwarden/adapters/registry';
import { cryptoRandom, runRound } from '@clockwarden/adapters/round';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { type ClusterPolicy, defaultSources, defaultTimesync } from '@clockwarden/core/policy';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { type PretendNode, SUDO_LOG, startPretendNode } from '@clockwarden/testkit/pretend-node';
import { privateDirectory, removeDirectory } from '@clockwarden/testkit/process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lookOnce } from './check/measure.ts';
import { nodeFiles } from './lint/node-files.ts';
import { DEFAULT_BATCH, makePlan } from './plan/make.ts';
import { designOrThrow } from './render/design.ts';
import { testContext } from './terminal/test-context.ts';
import { Verifier } from './verify/index.ts';

const spec = testNode('node', { ssh: { user: 'free' } });
const folder = privateDirectory('root');
const { context } = testContext();
const { signal } = context;
let node: PretendNode;
let policy: ClusterPolicy;
/** The same node by a login that may read what chronyd tells root, and nothing else. */
let reading: ClusterPolicy;

beforeAll(async () => {
  node = await startPretendNode({ sudo: true });
  policy = testPolicy({
    nodes: [spec],
    sources: { ssh: { ...defaultSources.ssh, configFile: node.sshConfig, timeoutSeconds: 30 } },
    timesync: { ...defaultTimesync, topology: 'direct', upstreams: ['127.0.0.1:9'] },
  });
  reading = { ...policy, nodes: [testNode('node', { ssh: { user: 'reader' } })] };
  mkdirSync(node.at('/etc/chrony'), { recursive: true });
  writeFileSync(node.at('/usr/local/state/units/chrony.service'), 'active\nenabled\n');
});
beforeEach(() => rmSync(node.at(SUDO_LOG), { force: true }));
afterAll(async () => {
  await node.stop();
  removeDirectory(folder);
});

/** What sudo was asked to run. */
function asked(): readonly string[] {
  const path = node.at(SUDO_LOG);
  const log = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return [...new Set([...log.matchAll(/COMMAND=(?:\S*\/)?(\S.*)$/gm)].map(([, words = '']) => words))];
}

async function withLogins(use: (logins: NodeLogins) => Promise<unknown>): Promise<readonly string[]> {
  const logins = openLogins(policy.sources.ssh ?? defaultSources.ssh);
  try {
    await use(logins);
  } finally {
    await logins.close();
  }
  return asked();
}

test('`check`, `lint --node` and every look at a clock do without root, also where it could be had', async () => {
  await lookOnce(context, reading);
  const path = join(folder, 'clockwarden.yaml');
  const ssh = `{configFile: ${node.sshConfig}, timeout: 30s}`;
  writeFileSync(path, `nodes: [{name: node, address: node, ssh: {user: reader}}]\nsources: {ssh: ${ssh}}\n`);
  await nodeFiles(['node'], { ...context, configPath: path });
  const looked = await withLogins(async (logins) => {
    const verifier = new Verifier({ policy: reading, ...designOrThrow(reading), logins });
    await verifier.corrections(['node'], signal);
    await verifier.outcomes(['node'], new Map(), signal);
    await verifier.close();
  });
  expect(looked).toEqual([]);
});

test('`plan` takes root for the facts alone', async () => {
  expect(await makePlan(context, policy, DEFAULT_BATCH)).not.toBe(null);
  expect(asked()).toEqual(['sh -s']);
});

test.each<[what: string, session: (logins: NodeLogins) => Promise<unknown>]>([
  ['facts', (logins) => gatherFacts([spec], logins, signal, () => undefined)],
  ['health', (logins) => healthOf(spec, logins, signal)],
  ['a job', (logins) => readJob(spec, '20260101T000000Z-0001', logins, signal)],
  ['chronyc accheck', (logins) => askAccess(spec, [spec], [], logins, signal)],
  [
    'the agent',
    async (logins) => {
      const opened = await openAgent(spec, logins, signal);
      if (opened.ok) await opened.agent.close();
    },
  ],
])('%s: root, and no more than the one rule in sudoers', async (_, session) => {
  expect(await withLogins(session)).toEqual(['sh -s']);
});

test('the console also shows what chronyd tells root alone, by a rule for no more than that', async () => {
  const sources = createSources(reading);
  const round = { timeBase: createTimeBase(), random: cryptoRandom, signal };
  await runRound(reading, sources, round, () => undefined);
  await Promise.all(sources.map((source) => source.close()));
  expect(asked()).toEqual(['chronyc -c -n serverstats', 'chronyc -c -n ntpdata', 'chronyc -c -n selectdata']);
});
