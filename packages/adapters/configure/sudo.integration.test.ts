/** How root is had, with a real sudo. */
import { readdirSync, readFileSync } from 'node:fs';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { defaultSources } from '@clockwarden/core/policy';
import { type PretendNode, SUDO_PASSWORD, startPretendNode } from '@clockwarden/testkit/pretend-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GatheredFacts, gatherFacts, openAgent, openLogins } from './index.ts';

let node: PretendNode;
beforeAll(async () => {
  node = await startPretendNode({ sudo: true });
});
afterAll(() => node.stop());

const signal = new AbortController().signal;
let runs = 0;

async function as(user: string, sudoPassword?: string): Promise<string> {
  const config = { ...defaultSources.ssh, configFile: node.sshConfig, timeoutSeconds: 30 };
  const logins = openLogins(config, sudoPassword === undefined ? {} : { sudoPassword });
  const spec: NodeSpec = { name: 'node', address: 'node', roles: [], ssh: { user }, origin: 'test' };
  try {
    const opened = await openAgent(spec, logins, signal);
    if (!opened.ok) return `${opened.failure.code}: ${opened.failure.text.en}`;
    runs += 1;
    const run = `20260101T000000Z-000${runs}`;
    const begun = await opened.agent.begin({ run, operator: 'test', actions: [], takeOver: false });
    const finished = await opened.agent.finish('rolled-back');
    await opened.agent.close();
    let gathered: GatheredFacts | null = null;
    await gatherFacts([spec], logins, signal, (_, facts) => {
      gathered = facts;
    });
    expect(gathered).toMatchObject({ ok: true, facts: { privilege: 'sudo', remembered: { lock: null } } });
    return `${begun.ok} ${finished.ok}`;
  } finally {
    await logins.close();
  }
}

test('a rule in sudoers is enough, and a password where sudo asks for one', async () => {
  expect(await as('free')).toBe('true true');
  // Given for other nodes: this one does not ask.
  expect(await as('free', 'of no use')).toBe('true true');
  expect(await as('op', SUDO_PASSWORD)).toBe('true true');
  for (const name of readdirSync(node.at('/var/lib/clockwarden'), { recursive: true, withFileTypes: true })) {
    if (name.isFile()) expect(readFileSync(`${name.parentPath}/${name.name}`, 'utf8')).not.toContain('hörse');
  }
});

test('a wrong password, a missing one and no right at all are told apart', async () => {
  expect(await as('op', 'wrong')).toBe('unauthorized: sudo on op@node does not accept the password.');
  expect(await as('op')).toMatch(
    /^unauthorized: op@node is not root and may not become it. sudo: a password is required/,
  );
  expect(await as('plain', SUDO_PASSWORD)).toMatch(/^unauthorized: /);
});
