import { designCluster, type NodeOutcome } from '@clockwarden/core/configure';
import { defaultTimesync } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { describe, expect, test } from 'vitest';
import { testContext } from '../terminal/test-context.ts';
import { exitCodeOf, verifyJson, verifyLines } from './report.ts';

const nodes = [testNode('s1', { address: '10.0.0.1' }), testNode('c1', { address: '10.0.0.2' })];
const timesync = { ...defaultTimesync, servers: ['s1'], upstreams: ['192.0.2.7'], allow: ['10.0.0.0/24'] };
const design = designCluster(testPolicy({ nodes, timesync }), timesync);

function outcome(node: string, more: Partial<NodeOutcome> = {}): NodeOutcome {
  return {
    node,
    outcome: 'synchronized',
    stage: 'synchronized',
    grade: 'good',
    waitsFor: null,
    remainingSeconds: null,
    checks: [{ code: 'clock', holds: true, text: text('right', '正确') }],
    ...more,
  };
}

const late = outcome('c1', {
  outcome: 'timed-out',
  stage: 'running',
  grade: 'waiting',
  waitsFor: text('An answer on UDP 123 from s1.', '等待 s1 在 UDP 123 上的应答。'),
  checks: [{ code: 'synchronized', holds: false, text: text('Not synchronized.', '未同步。') }],
});

describe('the report', () => {
  test('says how many are there, then each, then what does not hold', () => {
    expect(verifyLines(testContext('en').context, design, [outcome('s1'), late])).toEqual([
      '1 of 2 nodes have the time that they were designed to have.',
      '',
      'NODE  PART    OUTCOME                CLOCK  WAITS FOR',
      's1    server  ● synchronized         right  —',
      'c1    client  ◌ timed out (running)  —      An answer on UDP 123 from s1.',
      '',
      '▲ c1: Not synchronized.',
    ]);
    expect(verifyLines(testContext('zh-CN').context, design, [outcome('s1'), outcome('c1')])[0]).toBe(
      '全部 2 个节点已同步。',
    );
  });

  test('of an island claims no more than an island', () => {
    const local = (node: string): NodeOutcome =>
      outcome(node, { outcome: 'local-only', stage: 'local-only' });
    expect(verifyLines(testContext('en').context, design, [local('s1'), local('c1')])[0]).toContain(
      'nobody outside',
    );
  });

  test('for programs keeps what timed out apart from how far it came', () => {
    expect(verifyJson(testContext('en').context, 'lab', design, [outcome('s1'), late])).toMatchObject({
      schema: 'clockwarden.verify/1',
      grade: 'waiting',
      nodes: [
        { name: 's1', part: 'server', outcome: 'synchronized' },
        { name: 'c1', part: 'client', outcome: 'timed-out', stage: 'running', remainingSeconds: null },
      ],
    });
  });
});

test('the exit code is that of the worst: wrong before not reached before not yet', () => {
  const unreached = outcome('a', { outcome: 'unreached', stage: 'unreached', grade: 'unreached' });
  const wrong = outcome('b', { outcome: 'contested', stage: 'contested', grade: 'wrong' });
  expect(exitCodeOf([outcome('s1')])).toBe(0);
  expect(exitCodeOf([outcome('s1'), late])).toBe(1);
  expect(exitCodeOf([late, unreached])).toBe(3);
  expect(exitCodeOf([late, unreached, wrong])).toBe(2);
});
