import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PlanDocument } from '../configure/index.ts';
import { createRunJournal, isRunId, reopenRunJournal, storedRuns } from './index.ts';

let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'runs-'));
  vi.stubEnv('XDG_STATE_HOME', home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const plan: PlanDocument = {
  schema: 'clockwarden.plan/1',
  cluster: 'west',
  at: '2026-11-22T12:00:00.000Z',
  topology: 'direct',
  problems: [],
  order: [['a'], ['b']],
  nodes: [],
};

const RUN = '20261122T120000Z-00ff';
const at = '2026-11-22T12:00:00.000Z';
const started = {
  event: 'run-started',
  at,
  run: RUN,
  kind: 'apply',
  operator: 'ann@desk',
  order: [['a'], ['b']],
};

test('a run is told as far as its journal goes, with its plan, for this user only', () => {
  const journal = createRunJournal('west', RUN, plan);
  expect(storedRuns('west')).toEqual([]);
  journal.write(started);
  journal.write({ event: 'node', at, node: 'a', progress: 'applying' });
  journal.write({ event: 'action', at, node: 'a', index: 0, state: 'begun' });
  const [cut] = storedRuns('west');
  expect(cut).toMatchObject({ id: RUN, kind: 'apply', operator: 'ann@desk', result: null });
  expect(cut?.nodes).toEqual({ a: 'applying', b: 'waiting' });
  expect(cut?.plan()).toEqual(plan);
  journal.close();

  const again = reopenRunJournal('west', RUN);
  again.write({ event: 'node', at, node: 'a', progress: 'done' });
  again.write({ event: 'run-ended', at, run: RUN, result: 'done', nodes: {} });
  again.close();
  expect(storedRuns('west')).toMatchObject([{ result: 'done', nodes: { a: 'done', b: 'waiting' } }]);
  expect(statSync(journal.directory).mode & 0o777).toBe(0o700);
  for (const file of ['plan.json', 'journal.jsonl']) {
    expect(statSync(join(journal.directory, file)).mode & 0o777).toBe(0o600);
  }
});

test('a line that was cut, a foreign folder and a missing plan do no harm; runs stand in their order', () => {
  const later = createRunJournal('west', '20261123T120000Z-0000', null);
  later.write({ ...started, kind: 'rollback' });
  appendFileSync(join(later.directory, 'journal.jsonl'), '{"event":"no');
  const earlier = createRunJournal('west', RUN, null);
  earlier.write(started);
  createRunJournal('west', 'lost+found', null).close();
  expect(storedRuns('west').map(({ id, kind }) => [id, kind])).toEqual([
    [RUN, 'apply'],
    ['20261123T120000Z-0000', 'rollback'],
  ]);
  expect(storedRuns('west')[0]?.plan()).toBe(null);
  expect(storedRuns('east')).toEqual([]);
  expect(isRunId('../../etc')).toBe(false);
});
