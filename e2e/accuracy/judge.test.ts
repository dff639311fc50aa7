import { describe, expect, test } from 'vitest';
import { type CheckReport, type Interval, judgeReadings, judgeVerdicts } from './judge.ts';

const limits = {
  medianWarningSeconds: 30,
  medianCriticalSeconds: 120,
  roleSeconds: { worker: 0.2, 'control-plane': 0.05 },
};

/** Four nodes; the first stands `off` from the others, and is reported within ± 10 ms of `reported`. */
function scene(
  off: number,
  reported: number,
  codes: string[],
  verdict = 'warning',
): [CheckReport, Map<string, Interval>] {
  const names = ['a', 'b', 'c', 'd'];
  const report: CheckReport = {
    median: { lowSeconds: -0.001, highSeconds: 0.001 },
    limits,
    nodes: names.map((name) => {
      const at = name === 'a' ? reported : 0;
      const offset = { lowSeconds: at - 0.01, highSeconds: at + 0.01 };
      return {
        name,
        role: 'worker',
        verdict: name === 'a' ? verdict : 'ok',
        reasons: (name === 'a' ? codes : []).map((code) => ({ code })),
        offset,
        sources: [
          { source: 'ssh', ok: true, failure: null, offset },
          { source: 'ntp', ok: false, failure: { code: 'refused' }, offset: null },
        ],
      };
    }),
  };
  const truth = names.map((name): [string, Interval] => {
    const at = name === 'a' ? off : 0;
    return [name, { low: at - 0.0002, high: at + 0.0002 }];
  });
  return [report, new Map(truth)];
}

const verdictOf = (
  off: number,
  reported: number,
  codes: string[],
  verdict?: string,
): string | null | undefined => judgeVerdicts(...scene(off, reported, codes, verdict))[0]?.wrong;

describe('readings', () => {
  test.each([
    [1, 1.009, true],
    [1, 1.02, false],
    [-1, -1.009, true],
    [-1, 1, false],
  ])('truth %d, reported %d ± 0.01', (off, reported, holds) => {
    const readings = judgeReadings(...scene(off, reported, []));
    expect(readings).toHaveLength(4);
    expect(readings[0]).toMatchObject({ node: 'a', source: 'ssh', holds });
  });
});

describe('verdicts', () => {
  test.each([
    [0, 0, [], 'ok'],
    [0.15, 0.15, [], 'ok'],
    [0.3, 0.3, ['role-limit'], 'warning'],
    [-0.3, -0.3, ['role-limit'], 'warning'],
    [0.205, 0.205, ['role-limit-undetermined'], 'undetermined'],
    [31, 31, ['offset-warning'], 'warning'],
    [-121, -121, ['offset-critical'], 'critical'],
    [1e9, 1e9, ['offset-critical', 'role-limit'], 'critical'],
  ])('%d s, reported %d with %j, is right', (off, reported, codes, verdict) => {
    expect(verdictOf(off, reported, codes, verdict)).toBeNull();
  });

  test.each([
    [0.3, 0.3, [], 'ok', /without role-limit/],
    [0.1, 0.1, ['role-limit'], 'warning', /within 0.2/],
    [31, 31, ['role-limit'], 'warning', /without offset-warning/],
    [121, 121, ['offset-warning'], 'warning', /without offset-critical/],
    [29, 29, ['offset-warning'], 'warning', /within 30/],
    [1, -1, ['role-limit'], 'warning', /excludes/],
    [121, 121, ['offset-critical'], 'warning', /verdict is not/],
  ])('%d s, reported %d with %j, is wrong', (off, reported, codes, verdict, wrong) => {
    expect(verdictOf(off, reported, codes, verdict)).toMatch(wrong);
  });
});
