import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { isWhole, subjectOf } from '../lint/subject.ts';
import { buildProgram } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-lint-'));
const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
const notes = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
afterAll(() => {
  output.mockRestore();
  notes.mockRestore();
  rmSync(folder, { recursive: true, force: true });
});

const SERVERS = [1, 2, 3].map((number) => `server 192.0.2.${number} iburst\n`).join('');
const GOOD = `${SERVERS}driftfile /var/lib/chrony/drift\nmakestep 1.0 3\nrtcsync\n`;
const BAD = `${GOOD}allow 10.0.0.0/8\ndeny all\n`;

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function lint(...words: readonly string[]) {
  output.mockClear();
  let exitCode = -1;
  const program = await buildProgram('en', new AbortController().signal, (code) => {
    exitCode = code;
  });
  await program.parseAsync(['node', 'clockwarden', 'lint', ...words]);
  return { exitCode, printed: output.mock.calls.map(([line]) => String(line)).join('') };
}

describe('clockwarden lint', () => {
  it('ends with 0, 1 or 2 for nothing, warnings, errors', async () => {
    expect(await lint(file('chrony.conf', GOOD))).toMatchObject({ exitCode: 0 });
    expect(await lint(file('chrony.conf', `${GOOD}user root\n`))).toMatchObject({ exitCode: 1 });
    const { exitCode, printed } = await lint(file('chrony.conf', BAD));
    expect(exitCode).toBe(2);
    expect(printed).toMatch(/chrony\.conf:8: error .*\[chrony-deny-all\]/);
    expect(printed).toContain('1 error(s), 0 warning(s) in 1 file(s). 1 can be mended by --fix.');
  });

  it('--diff shows and --fix mends; mode and link stay', async () => {
    const path = file('mended-chrony.conf', BAD);
    chmodSync(path, 0o640);
    const link = join(folder, 'link-chrony.conf');
    symlinkSync(path, link);
    expect((await lint('--diff', link)).printed).toContain('-deny all\n');
    expect(readFileSync(path, 'utf8')).toBe(BAD);
    expect(await lint('--fix', link)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(link, 'utf8')).toBe(`${GOOD}allow 10.0.0.0/8\n`);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('--json is one document for all files', async () => {
    const { printed } = await lint('--json', file('chrony.conf', BAD), file('timesyncd.conf', 'NTP=a b\n'));
    const document = JSON.parse(printed) as { files: { findings: object[] }[] };
    expect(document).toMatchObject({
      schema: 'clockwarden.lint/1',
      files: [
        {
          kind: 'chrony.conf',
          findings: [{ code: 'chrony-deny-all', severity: 'error', line: 8, fixable: true }],
        },
        { kind: 'timesyncd.conf', findings: [{ code: 'timesyncd-section', line: 1, fixable: false }] },
      ],
      summary: { errors: 2, warnings: 0, fixable: 1 },
    });
  });

  it('--json tells of each rule its versions of chronyd and its page', async () => {
    const told = async (...words: readonly string[]) => {
      const { files } = JSON.parse((await lint('--json', ...words)).printed) as {
        files: { findings: { versions: unknown; page: string | null }[] }[];
      };
      return files.flatMap(({ findings }) => findings.map(({ versions, page }) => [versions, page]));
    };
    const conf = file('chrony.conf', BAD.replace('192.0.2.1 iburst', '192.0.2.1 iburst trust'));
    expect(await told(conf, file('timesyncd.conf', 'NTP=a b\n'))).toEqual([
      [{ since: '2.3' }, 'docs/reference/lint/chrony-trust.md'],
      [{ since: null }, 'docs/reference/lint/chrony-deny-all.md'],
      [null, 'docs/reference/lint/timesyncd-section.md'],
    ]);
    const chinese = await told('--lang', 'zh-CN', conf, file('clockwarden.yaml', 'nods: []\n'));
    expect(chinese.at(-1)).toEqual([null, null]);
    for (const page of chinese.slice(0, -1).map(([, path]) => String(path))) {
      expect(page).toMatch(/\.zh-CN\.md$/);
      expect(existsSync(join(import.meta.dirname, '../../..', page))).toBe(true);
    }
  });

  it('--sarif names rules, places and fixes', async () => {
    const { printed } = await lint('--sarif', file('chrony.conf', BAD));
    const { version, runs } = JSON.parse(printed) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string; properties: object }[] } };
        results: { ruleIndex: number; ruleId: string }[];
      }[];
    };
    expect(version).toBe('2.1.0');
    const [result] = runs[0]?.results ?? [];
    expect(runs[0]?.tool.driver.rules[result?.ruleIndex ?? -1]).toMatchObject({
      id: 'chrony-deny-all',
      properties: { versions: { since: null }, page: 'docs/reference/lint/chrony-deny-all.md' },
    });
    expect(result).toMatchObject({
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 8 } } }],
      fixes: [{ artifactChanges: [{ replacements: [{ deletedRegion: { startLine: 8, endLine: 9 } }] }] }],
    });
  });

  it('clockwarden.yaml has its mistakes with line and column', async () => {
    const { printed, exitCode } = await lint(file('clockwarden.yaml', 'name: a\nnods: []\n'));
    expect(exitCode).toBe(2);
    expect(printed).toMatch(/clockwarden\.yaml:2:1: error .*is `nodes` meant\?/);
  });

  it('Prometheus rules are known by what they say, also from a pipe', async () => {
    const rule = '      - alert: ClockSkew\n        expr: chrony_stratum == 0\n';
    const path = file('chrony-alerts.yml', `groups:\n  - name: a\n    rules:\n${rule}`);
    const { printed, exitCode } = await lint(path);
    expect(exitCode).toBe(1);
    expect(printed).toMatch(
      /chrony-alerts\.yml:5:15: warning .*: `ClockSkew`: `chrony_stratum`; is `chrony_tracking_stratum` meant\? .*\[prometheus-unknown-metric\]/,
    );
    const broken = await lint('--as', 'prometheus-rules', file('broken', 'groups: [\n'));
    expect(broken).toMatchObject({ exitCode: 2 });
    expect(broken.printed).toMatch(/broken:2:1: error .*\[prometheus-invalid\]/);
  });

  it('Prometheus rules of one call are judged together', async () => {
    const rules = (rule: string): string => `groups:\n- name: a\n  rules:\n  - ${rule}\n`;
    const alert = file('alerts.yml', rules('alert: A\n    expr: chrony_ok == 0'));
    const record = file('records.yml', rules('record: chrony_ok\n    expr: up'));
    expect(await lint(alert)).toMatchObject({ exitCode: 1 });
    expect(await lint(alert, record)).toMatchObject({ exitCode: 0 });
  });

  it('newer directives are mistakes once the version is known', async () => {
    const path = file('chrony.conf', `${GOOD}opencommands sources\n`);
    expect(await lint(path)).toMatchObject({ exitCode: 0 });
    expect(await lint('--chrony-version', '4.3', path)).toMatchObject({ exitCode: 2 });
    await expect(lint('--chrony-version', 'four', path)).rejects.toThrow(/version/);
  });

  it('a drop-in is judged for what it has only', async () => {
    mkdirSync(join(folder, 'chrony', 'conf.d'), { recursive: true });
    expect(await lint(file('chrony/conf.d/servers.conf', 'server 10.0.0.1 iburst\n'))).toMatchObject({
      exitCode: 0,
    });
  });

  it('reads the files of a node, and knows which nodes there are', async () => {
    // Without a configuration this machine is a cluster of one; what it has is its own business.
    const empty = file('one.yaml', 'nodes: [{name: me, address: localhost}]\n');
    const { exitCode, printed } = await lint('--json', '--config', empty, '--node', 'me');
    expect([0, 1, 2]).toContain(exitCode);
    const { files } = JSON.parse(printed) as { files: { file: string }[] };
    for (const { file: name } of files) expect(name).toMatch(/^me:\/etc\//);
    await expect(lint('--config', empty, '--node', 'other')).rejects.toMatchObject({ code: 'not-found' });
    await expect(lint()).rejects.toMatchObject({ code: 'usage' });
  });

  it('files that cannot be read or told are refused', async () => {
    await expect(lint(join(folder, 'none.conf'))).rejects.toMatchObject({ code: 'input-unreadable' });
    await expect(lint(file('riddle', 'x\n'))).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('what a file is', () => {
  it.each([
    ['/etc/chrony.conf', '', 'chrony.conf'],
    ['/etc/chrony/chrony.conf', '', 'chrony.conf'],
    ['/etc/chrony/sources.d/a.sources', '', 'chrony.conf'],
    ['/etc/systemd/timesyncd.conf', '', 'timesyncd.conf'],
    ['/etc/systemd/timesyncd.conf.d/10.conf', '', 'timesyncd.conf'],
    ['/etc/ntp.conf', '', 'ntp.conf'],
    ['/etc/ntpsec/ntp.conf', '', 'ntp.conf'],
    ['/etc/ntpsec/ntp.d/x.conf', '', 'ntp.conf'],
    ['site.yaml', '', 'clockwarden.yaml'],
    ['site.yaml', 'groups:\n  worker: {timezone: UTC}\n', 'clockwarden.yaml'],
    ['chrony.yaml', 'groups:\n- name: a\n  rules:\n  - alert: b\n    expr: c\n', 'prometheus-rules'],
    ['x', 'spec:\n  groups:\n  - rules:\n    - expr: c\n      record: b\n', 'prometheus-rules'],
    ['x', '[Time]\nNTP=a', 'timesyncd.conf'],
    ['x', 'restrict default\nserver a', 'ntp.conf'],
    ['x', '# c\nserver a', 'chrony.conf'],
    ['x', 'hello', null],
  ])('%s %j', (path, content, subject) => expect(subjectOf(path, content)).toBe(subject));

  it('a drop-in is not whole', () => {
    expect(['/etc/chrony.conf', '/etc/chrony/conf.d/a.conf', '/x/a.sources'].map(isWhole)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
