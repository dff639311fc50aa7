/** The rules against the real daemon: what they call refused is refused by chronyd 4.3, and nothing else is. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chronyc, startChronyd, type Unpacked, unpackDebian } from '@clockwarden/testkit/daemons';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chronyDirectives, isNewer, localOptions, sourceOptions } from '../chrony-conf/index.ts';
import { lintRules, lintText, mendText } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-lint-'));
const context = { chronyVersion: [4, 3], whole: true };
let unpacked: Unpacked;

beforeAll(async () => {
  unpacked = await unpackDebian(['chrony']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What chronyd says of a file: `-p` reads it, prints it and ends. */
function accepts(content: string): { readonly ok: boolean; readonly says: string } {
  const file = join(folder, 'chrony.conf');
  writeFileSync(file, content);
  const { status, stderr } = spawnSync(unpacked.path('usr/sbin/chronyd'), ['-p', '-f', file], {
    encoding: 'utf8',
    env: { ...process.env, ...unpacked.env },
  });
  return { ok: status === 0, says: stderr };
}

const rules = lintRules.flatMap((rule) => (rule.subject === 'chrony.conf' ? [rule] : []));

test.each(rules.map((rule) => [rule.code, rule] as const))('%s', (_, rule) => {
  expect(accepts(rule.bad), rule.bad).toMatchObject({ ok: rule.refused !== true });
  expect(accepts(rule.good), rule.good).toMatchObject({ ok: true });
  const mends = lintText(rule.bad, 'chrony.conf', context).some(
    (found) => found.rule === rule && found.edits !== undefined,
  );
  const mended = mendText(rule.bad, 'chrony.conf', context);
  if (mends) expect(accepts(mended), mended).toMatchObject({ ok: true });
});

describe('the table of directives', () => {
  const words = (count: number): string => Array.from({ length: count }, () => '1').join(' ');

  test.each([...chronyDirectives].filter(([name]) => name !== 'include'))('%s', (name, facts) => {
    const known = !isNewer(facts.since, [4, 3]);
    const counts = [facts.min - 1, facts.max + 1].filter((count) => count >= 0 && Number.isFinite(count));
    if (facts.obsolete !== true) {
      for (const count of counts)
        expect(accepts(`${name} ${words(count)}\n`).ok, `${count} words`).toBe(false);
    }
    const { says } = accepts(`${name} ${words(facts.min)}\n`);
    expect(/Invalid directive/.test(says)).toBe(!known);
    if (known) expect(says).not.toMatch(/(Missing|Too many) arguments/);
  });

  test.each([...sourceOptions])('option %s of a source', (name, { since, value }) => {
    const known = !isNewer(since, [4, 3]);
    const fitting = name === 'extfield' ? 'F323' : '1';
    expect(accepts(`server 192.0.2.1 ${name}${value ? ` ${fitting}` : ''}\n`).ok).toBe(known);
    if (value) expect(accepts(`server 192.0.2.1 ${name}\n`).ok).toBe(false);
  });

  test.each([...localOptions])('option %s of local', (name, { since, value }) => {
    expect(accepts(`local ${name}${value ? ' 1' : ''}\n`).ok).toBe(!isNewer(since, [4, 3]));
  });
});

describe('what chronyd does with the rules of access', () => {
  const rule = rules.find(({ code }) => code === 'chrony-deny-all');

  async function access(content: string, ...addresses: readonly string[]): Promise<readonly string[]> {
    await using daemon = await startChronyd({ config: content.trimEnd().split('\n') });
    const answers: string[] = [];
    for (const address of addresses) {
      const { stdout } = await chronyc(['accheck', address], daemon);
      answers.push(/Access (allowed|denied)/.exec(stdout)?.[1] ?? stdout);
    }
    return answers;
  }

  test('`deny all` refuses those whom `allow` names; mended, they are served and strangers are not', async () => {
    if (rule === undefined) throw new Error('the rule is gone');
    expect(await access(rule.bad, '10.2.12.11', '192.0.2.1')).toEqual(['denied', 'denied']);
    const mended = mendText(rule.bad, 'chrony.conf', { ...context, whole: false });
    expect(await access(mended, '10.2.12.11', '192.0.2.1')).toEqual(['allowed', 'denied']);
  });

  test('`deny all` before the first `allow` takes nothing back', async () => {
    expect(await access('deny all\nallow 10.2.0.0/16\n', '10.2.12.11')).toEqual(['allowed']);
  });

  test('an impossible prefix ends chronyd when it starts, though its parser takes it', async () => {
    await expect(access('allow 10.2.0.0/48\n', '10.2.12.11')).rejects.toThrow();
  });
});

test("Debian's own files have no finding", async () => {
  const others = await unpackDebian(['ntpsec', 'systemd-timesyncd']);
  const chrony = readFileSync(unpacked.path('usr/share/chrony/chrony.conf'), 'utf8');
  expect(lintText(chrony, 'chrony.conf', context)).toEqual([]);
  const ntp = readFileSync(others.path('etc/ntpsec/ntp.conf'), 'utf8');
  expect(lintText(ntp, 'ntp.conf', context)).toEqual([]);
  const timesyncd = readFileSync(others.path('etc/systemd/timesyncd.conf'), 'utf8');
  expect(lintText(timesyncd, 'timesyncd.conf', context)).toEqual([]);
});
