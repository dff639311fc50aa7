import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configureFactsOf } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { parseReport } from '@clockwarden/core/node-report';
import { defaultSources, type SshConfig } from '@clockwarden/core/policy';
import { startSshd } from '@clockwarden/testkit/daemons';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../child-process/index.ts';
import { factsScript } from './facts-script.ts';
import { type GatheredFacts, gatherFacts, openLogins } from './index.ts';

test('the facts of a machine are gathered over a real sshd, and of a dead one why not', async () => {
  const sshd = await startSshd();
  const ssh: SshConfig = { ...defaultSources.ssh, configFile: sshd.sshConfig, sudo: 'never' };
  const logins = openLogins(ssh);
  try {
    // `node` is the host of the test's ssh_config; its port there is the daemon's.
    const node = (name: string, port?: number): NodeSpec => ({
      name,
      address: 'node',
      roles: ['worker'],
      ssh: port === undefined ? {} : { port },
      origin: 'test',
    });
    const found = new Map<string, GatheredFacts>();
    await gatherFacts(
      [node('living'), node('dead', 1)],
      logins,
      new AbortController().signal,
      ({ name }, facts) => {
        found.set(name, facts);
      },
    );
    const living = found.get('living');
    expect(living).toMatchObject({
      ok: true,
      facts: {
        os: { id: 'debian' },
        packageManager: 'apt',
        files: {
          '/etc/localtime': { kind: expect.any(String) },
          '/etc/linuxptp/ptp4l.conf': { kind: expect.any(String) },
        },
        machine: {
          hardwareClocks: expect.any(Object),
          programs: expect.any(Array),
          leapSeconds: { rightUtc: existsSync('/usr/share/zoneinfo/right/UTC') },
        },
      },
    });
    expect(found.get('dead')).toMatchObject({ ok: false, failure: { code: 'refused' } });
  } finally {
    await logins.close();
    await sshd.stop();
  }
});

/** What the script says on this machine, with the programs of `path` before all others. */
async function factsHere(shell: string, path: string, greeting = 'root') {
  const env = { ...process.env, PATH: `${path}:${process.env.PATH}` };
  const end = await runProgram(shell, ['-c', factsScript], {
    timeoutMs: 60_000,
    maxOutputBytes: 2 ** 24,
    env,
    input: `=mark ${greeting}\n`,
  });
  const report = parseReport(end.stdout, '=mark');
  return { report, facts: configureFactsOf(report) };
}

describe('the script', () => {
  const standIns = mkdtempSync(join(tmpdir(), 'clockwarden-facts-'));
  afterAll(() => rmSync(standIns, { recursive: true }));

  test.each(['dash', 'bash'])('says the same in %s with and without perl', async (shell) => {
    // The shell's way cannot do without these.
    const withoutShellsWay = mkdtempSync(join(standIns, 'no-'));
    for (const name of ['base64', 'stat']) {
      writeFileSync(join(withoutShellsWay, name), '#!/bin/sh\nexit 127\n', { mode: 0o755 });
    }
    const withPerl = await factsHere(shell, withoutShellsWay);
    writeFileSync(join(standIns, 'perl'), '#!/bin/sh\nprintf "\\n$mark files\\nhalf"\nexit 1\n');
    chmodSync(join(standIns, 'perl'), 0o755);
    const without = await factsHere(shell, standIns);
    expect(withPerl.facts?.files['/etc/localtime']).toBeDefined();
    expect(without.facts?.files).toEqual(withPerl.facts?.files);
    expect(without.report.get('processes')?.output).toContain(`${shell}\n`);
    expect(withPerl.report.get('processes')?.output).toContain(`${shell}\n`);
    for (const section of ['os', 'files', 'crontabs'])
      expect(without.report.get(section)).toEqual(withPerl.report.get(section));
  });

  test('asks what could be installed only for what is wanted and not there', async () => {
    writeFileSync(
      join(standIns, 'apt-cache'),
      '#!/bin/sh\nshift\nfor p; do echo "$p:\n  Candidate: 9"; done\n',
    );
    writeFileSync(
      join(standIns, 'dpkg-query'),
      '#!/bin/sh\nprintf "%s\\n" "chrony 4.3 installed" "ntp  not-installed" "linuxptp 3 config-files"\n',
    );
    for (const name of ['apt-cache', 'dpkg-query']) chmodSync(join(standIns, name), 0o755);
    const nothing = await factsHere('dash', standIns, 'root chrony');
    expect(nothing.report.has('candidates')).toBe(false);
    expect(nothing.facts?.packages.chrony).toEqual({ installed: '4.3', candidate: null });
    const { facts } = await factsHere('dash', standIns, 'root chrony linuxptp systemd-timesyncd');
    expect(facts?.packages).toEqual({
      chrony: { installed: '4.3', candidate: null },
      linuxptp: { installed: null, candidate: '9', configFiles: true },
      'systemd-timesyncd': { installed: null, candidate: '9' },
    });
  });
});
