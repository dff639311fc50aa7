import { explainChrony, explainText } from '@clockwarden/core/explain';
import type { ChronyState } from '@clockwarden/core/observe';
import type { Language, Text } from '@clockwarden/core/text';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { chronyReport, verdictOf } from '../chrony/report.ts';
import { contextOf, width } from '../terminal/index.ts';
import { explanationLines } from './lines.ts';

function context(lang: Language) {
  const command = new Command().option('--lang <language>').option('--no-color');
  command.parse(['node', 'x', '--lang', lang, '--no-color']);
  return contextOf(command, new AbortController().signal);
}

const rows = [
  'MS Name/IP address         Stratum Poll Reach LastRx Last sample',
  '===============================================================================',
  '^* 10.0.0.1                      2   6   377    15   +147us[ +250us] +/-   15ms',
  '^? 10.0.0.2                      0   6     0     -     +0ns[   +0ns] +/-    0ns',
].join('\n');

describe('explained lines', () => {
  it('begin with the conclusions, then show the table in equal units and each value with its meaning', () => {
    const lines = explanationLines(context('en'), explainText(`${rows}\nhello\n`));
    expect(lines[0]).toMatch(/^! 10\.0\.0\.2 does not answer/);
    expect(lines).toContain(
      "    sudo chronyd -Q -t 10 'server 10.0.0.2 iburst'  # measure against the server and print what a correction would be; the clock stays untouched",
    );
    const table = lines.filter((line) => /^ {2}\^[*?] {2}10/.test(line));
    expect(table.map((line) => line.replace(/ +/g, ' '))).toEqual([
      ' ^* 10.0.0.1 2 6 377 ■■■■■■■■ 15 s +147 µs +250 µs 15000 µs',
      ' ^? 10.0.0.2 — 6 000 □□□□□□□□ — — — —',
    ]);
    expect(lines).toContain(
      '      ·  Poll         6             Asked every 64 s (2 to the power of 6 seconds).',
    );
    expect(lines.at(-1)).toBe('     5  hello');
  });

  it('keep their columns in Chinese', () => {
    const lines = explanationLines(context('zh-CN'), explainText(rows));
    const table = lines.filter((line) => /Stratum {2}Poll|^ {2}\^[*?] {2}10/.test(line));
    expect(table.length).toBe(3);
    expect(new Set(table.map(width)).size).toBe(1);
  });
});

describe('the report of chrony', () => {
  const silent: ChronyState = {
    tracking: null,
    sources: null,
    sourceStats: null,
    activity: { online: 0, offline: 2, burstOnline: 0, burstOffline: 0, unresolved: 0 },
  };

  it('has a verdict from the gravest conclusion', () => {
    expect(verdictOf({ ok: true, state: silent, at: 0n })).toBe('critical');
    const online = {
      ...silent,
      activity: { online: 2, offline: 0, burstOnline: 0, burstOffline: 0, unresolved: 1 },
    };
    expect(verdictOf({ ok: true, state: online, at: 0n })).toBe('undetermined');
    const tracking = {
      refId: '0A000001',
      refName: '10.0.0.1',
      stratum: 3,
      leap: 'normal',
      referenceTimeSeconds: 1,
      systemOffsetSeconds: 0,
      lastOffsetSeconds: 0,
      rmsOffsetSeconds: 0,
      frequencyPpm: 1,
      residualFrequencyPpm: 0,
      skewPpm: 0.1,
      rootDelaySeconds: 0.001,
      rootDispersionSeconds: 0.001,
      updateIntervalSeconds: 64,
    } as const;
    expect(verdictOf({ ok: true, state: { ...online, tracking }, at: 0n })).toBe('warning');
    expect(verdictOf({ ok: true, state: { ...silent, activity: null, tracking }, at: 0n })).toBe('ok');
    expect(explainChrony(online).conclusions.length).toBe(1);
  });

  it('says null of what is missing, and gives times in ISO 8601', () => {
    const asked = { target: '10.0.0.1:323', at: new Date(0), tookSeconds: 0.01 };
    const report = chronyReport(asked, { ok: true, state: silent, at: 0n }, (words: Text) => words.en);
    expect(report).toMatchObject({
      at: '1970-01-01T00:00:00.000Z',
      tracking: null,
      sources: null,
      error: null,
    });
  });
});
