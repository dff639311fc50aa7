import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type QueriedName, queryReportOf, queryReportSchema } from '@clockwarden/api/query';
import { compareServers, type MeasuredServer } from '@clockwarden/core/ntp';
import type { Language } from '@clockwarden/core/text';
import { estimate } from '@clockwarden/core/time';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { contextOf, width } from '../terminal/index.ts';
import { queryCommands } from './commands.ts';
import { queryLines } from './report.ts';

function measured(seconds: number, says: Partial<MeasuredServer['report']> = {}): QueriedName['result'] {
  return {
    ok: true,
    address: '10.0.0.1',
    measured: {
      clock: { offset: estimate(seconds, 0.0004), delaySeconds: 0.0007, stampedBy: 'kernel', samples: 8 },
      at: 0n,
      asked: 8,
      rateLimited: false,
      report: {
        version: 4,
        leap: 'normal',
        stratum: 2,
        refId: '0A000009',
        refIdAddress: '10.0.0.9',
        rootDelaySeconds: 0,
        rootDispersionSeconds: 0.001,
        rootDistanceSeconds: 0.001,
        precisionSeconds: 1e-7,
        referenceAgeSeconds: 16,
        synchronized: true,
        freeRunning: false,
        ...says,
      },
    },
  };
}

const silent: QueriedName['result'] = {
  ok: false,
  address: null,
  failure: {
    code: 'unreachable',
    text: { en: 'It did not answer.', 'zh-CN': '没有应答。' },
    hint: { en: 'Look.', 'zh-CN': '请检查。' },
  },
};

function reportOf(results: readonly QueriedName['result'][], language: Language) {
  const servers = results.map((result, index) => ({ server: `ntp${index + 1}`, result }));
  return queryReportOf(servers, compareServers(results, 0n), 1_795_355_200_000_000_000n, language);
}

function shown(language: Language, ...results: QueriedName['result'][]): string {
  const command = new Command().option('--lang <language>').option('--json');
  command.parse(['--lang', language], { from: 'user' });
  const context = contextOf(command, new AbortController().signal);
  return queryLines(context, reportOf(results, language)).join('\n');
}

describe('the report of query', () => {
  it('keeps its contract, with and without numbers', () => {
    const report = queryReportSchema.parse(reportOf([measured(0.0032), silent], 'en'));
    expect(report).toMatchObject({
      schema: 'clockwarden.query/1',
      at: expect.stringMatching(/^2026-11-22T13:46:40/),
      servers: [
        {
          server: 'ntp1',
          verdict: 'fit',
          error: null,
          offset: { seconds: 0.0032, lowSeconds: 0.0028, highSeconds: expect.closeTo(0.0036, 9) },
          refId: '0A000009',
          stratum: 2,
          samples: 8,
        },
        { server: 'ntp2', verdict: 'failed', error: { code: 'unreachable' }, offset: null, stratum: null },
      ],
      agreement: { verdict: 'single', offset: null },
    });
  });

  it('says first where this machine stands: a server ahead means that it is behind', () => {
    expect(shown('en', measured(0.0032))).toMatch(
      /^By ntp1 \(10\.0\.0\.1\) alone: this machine's clock is behind by 3\.20 ± 0\.40 ms\./,
    );
    expect(shown('en', measured(-0.0032))).toMatch(
      /^By ntp1 .* this machine's clock is ahead by 3\.20 ± 0\.40 ms\./,
    );
    expect(shown('zh-CN', measured(0.0032))).toMatch(
      /^仅据 ntp1 \(10\.0\.0\.1\)：本机时钟慢 3\.20 ± 0\.40 ms。/,
    );
    expect(shown('zh-CN', measured(-0.0032))).toMatch(/本机时钟快/);
    expect(shown('en', measured(0.0002))).toMatch(/no difference beyond the bound/);
    expect(shown('en', measured(0.0032))).toContain('+3.20 ± 0.40 ms');
  });

  it('names the falseticker', () => {
    const lines = shown('en', measured(0), measured(2), measured(0.0001));
    expect(lines).toMatch(/^2 servers agree: this.*Falseticker: ntp2\./);
    expect(lines).toMatch(/✗ ntp2 \(10\.0\.0\.1\): falseticker/);
    expect(shown('zh-CN', measured(0), measured(2), measured(0.0001))).toContain('错误时间源：ntp2。');
  });

  it('tells the addresses of one name apart', () => {
    const results = [
      measured(0),
      { ...measured(2), address: '10.0.0.2' },
      { ...measured(0), address: '10.0.0.3' },
    ];
    const servers = results.map((result) => ({ server: 'pool', result }));
    const report = queryReportOf(servers, compareServers(results, 0n), 0n, 'en');
    expect(report.agreement.falsetickers).toEqual(['pool (10.0.0.2)']);
  });

  it('says when there is no majority, and when nobody is fit', () => {
    expect(shown('en', measured(0), measured(2))).toMatch(/^No majority/);
    expect(shown('zh-CN', measured(0), measured(2))).toMatch(/^没有多数/);
    expect(shown('en', silent)).toMatch(/^No server is fit to follow\./);
    expect(shown('en', silent)).toContain('? ntp1: It did not answer.\n  → Look.');
    expect(shown('zh-CN', measured(0, { synchronized: false, stratum: 16 }))).toMatch(
      /^没有适合跟随的服务器/,
    );
  });

  it('keeps its columns in both languages', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const table = shown(language, measured(0), silent, measured(0)).split('\n').slice(2, 6);
      const column = table.map((line) =>
        width(line.slice(0, Math.max(line.indexOf('10.0.0.9'), line.indexOf('REFID')))),
      );
      expect(new Set([column[0], column[1], column[3]]).size).toBe(1);
    }
  });
});

describe('the commands of an expert', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clockwarden-query-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const servers = [
    { host: 'ntp1', port: 123 },
    { host: '2001:db8::1', port: 1123 },
  ];

  it('ask each server, with a port where the tool can', () => {
    const commands = queryCommands(servers, '').map(({ command }) => command);
    expect(commands).toContain("sudo chronyd -Q -t 10 'server 2001:db8::1 port 1123 iburst'");
    expect(commands.filter((command) => command.includes('ntpdate')).length).toBeLessThan(2);
  });

  it('use the tools that are installed', () => {
    writeFileSync(join(folder, 'ntpdate'), '#!/bin/sh\n');
    chmodSync(join(folder, 'ntpdate'), 0o755);
    const commands = queryCommands(servers, folder).map(({ command }) => command);
    expect(commands).toContain('ntpdate -q ntp1');
    expect(commands.some((command) => command.startsWith('sntp'))).toBe(false);
  });
});
