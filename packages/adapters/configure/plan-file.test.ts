import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '@clockwarden/core/errors';
import { afterAll, expect, test } from 'vitest';
import { type PlanDocument, readPlan, writePlan } from './plan-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unit = { active: true, enabled: true, masked: false };
const file = { kind: 'file', content: 'b2xk', mode: 0o640, owner: 'root', group: 'chrony' } as const;

/** Every kind of action, with an inverse and without. */
const plan: PlanDocument = {
  schema: 'clockwarden.plan/1',
  cluster: 'lab',
  at: '2026-11-22T12:00:00.000Z',
  topology: 'direct',
  problems: [{ severity: 'warning', text: 'two upstreams' }],
  order: [['a']],
  nodes: [
    {
      name: 'a',
      part: 'client',
      seen: { 'file /etc/timezone': '{"kind":"absent"}' },
      failure: null,
      problems: [],
      offset: { seconds: -0.5, lowSeconds: -0.6, highSeconds: -0.4 },
      correction: { kind: 'slew', seconds: -0.5, durationSeconds: 6, text: 'slewed' },
      actions: [
        { kind: 'fetch-packages' as const, packages: ['chrony'] },
        { kind: 'install-package' as const, package: 'chrony', removes: ['ntpsec'], purge: [] },
        { kind: 'remove-package' as const, package: 'chrony', purge: true },
        {
          kind: 'configure-daemon' as const,
          daemon: 'chronyd' as const,
          unit: 'chrony.service',
          files: [{ path: '/etc/chrony/chrony.keys', state: file }],
        },
        { kind: 'set-units' as const, units: { 'chrony.service': unit } },
        { kind: 'put-file' as const, path: '/etc/localtime', state: { kind: 'link' as const, target: 'x' } },
        { kind: 'open-firewall' as const, backend: 'ufw' as const, networks: ['10.0.0.0/8'] },
        { kind: 'close-firewall' as const, backend: 'nftables' as const, networks: ['fd00::/8'] },
        { kind: 'resync' as const, daemon: 'systemd-timesyncd' as const, unit: 'systemd-timesyncd.service' },
      ].map((action, index) => ({ action, reason: 'because', inverse: index % 2 === 0 ? null : action })),
    },
    {
      name: 'b',
      part: null,
      seen: null,
      failure: { code: 'refused', text: 'no ssh server' },
      problems: [],
      offset: null,
      correction: null,
      actions: null,
    },
  ],
};

function errorOf(path: string): OperatorError {
  try {
    readPlan(path);
  } catch (error) {
    if (error instanceof OperatorError) return error;
    throw error;
  }
  throw new Error('It was read.');
}

test('what was written is read back, and only its owner may read it', () => {
  const path = join(folder, 'plan.json');
  writePlan(path, plan);
  expect(readPlan(path)).toEqual(plan);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('what is no plan is refused with the place', () => {
  expect(errorOf(join(folder, 'nowhere.json')).code).toBe('plan-not-found');
  const path = join(folder, 'bad.json');
  writeFileSync(path, JSON.stringify(plan).slice(0, -10));
  expect(errorOf(path)).toMatchObject({ code: 'plan-invalid', message: expect.stringContaining('cut off') });
  const [node] = plan.nodes;
  const elsewhere = {
    action: { kind: 'put-file', path: 'etc/x', state: { kind: 'absent' } },
    reason: '',
    inverse: null,
  };
  writeFileSync(path, JSON.stringify({ ...plan, nodes: [{ ...node, actions: [elsewhere] }] }));
  expect(errorOf(path).message).toContain('nodes.0.actions.0.action.path');
  writeFileSync(path, JSON.stringify({ ...plan, schema: 'clockwarden.plan/2' }));
  expect(errorOf(path).message).toContain('schema');
});
