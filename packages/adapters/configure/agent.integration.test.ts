import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Action } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { defaultSources } from '@clockwarden/core/policy';
import { type PretendNode, startPretendNode } from '@clockwarden/testkit/pretend-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type NodeAgent, type NodeLogins, openAgent, openLogins } from './index.ts';

let node: PretendNode;
let logins: NodeLogins;
beforeAll(async () => {
  node = await startPretendNode();
  logins = openLogins({ ...defaultSources.ssh, configFile: node.sshConfig });
});
afterAll(async () => {
  await logins.close();
  await node.stop();
});

const spec: NodeSpec = { name: 'node', address: 'node', roles: [], ssh: {}, origin: 'test' };

async function open(): Promise<NodeAgent> {
  const opened = await openAgent(spec, logins, new AbortController().signal);
  if (!opened.ok) throw new Error(opened.failure.text.en);
  return opened.agent;
}

function file(content: string): Extract<Action, { kind: 'put-file' }>['state'] {
  return {
    kind: 'file',
    content: Buffer.from(content).toString('base64'),
    mode: 0o640,
    owner: 'root',
    group: 'root',
  };
}

test('a file is put, a run is remembered, and put back to what it was', async () => {
  const agent = await open();
  expect(agent.remembered).toEqual({ lock: null, runs: [] });
  const path = '/etc/cron.d/ours/of/time';
  const run = '20260101T000000Z-0001';
  const job = [
    {
      action: { kind: 'put-file', path, state: file('one\n') },
      inverse: { kind: 'put-file', path, state: { kind: 'absent' } },
    },
  ] as const;
  expect(await agent.begin({ run, operator: '运维@laptop', actions: job, takeOver: false })).toEqual({
    ok: true,
  });
  expect(await agent.perform(0)).toEqual({ ok: true });
  expect(readFileSync(node.at(path), 'utf8')).toBe('one\n');
  expect(statSync(node.at(path)).mode & 0o777).toBe(0o640);
  expect(await agent.undo(0)).toEqual({ ok: true });
  expect(existsSync(node.at('/etc/cron.d/ours'))).toBe(false);
  expect(await agent.finish('rolled-back')).toEqual({ ok: true });
  await agent.close();
  const again = await open();
  expect(again.remembered.runs).toMatchObject([
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
  ]);
  expect(again.remembered.lock).toBeNull();
  await again.close();
});
