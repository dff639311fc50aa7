import { join } from 'node:path';
import { flavours } from '@clockwarden/lab/flavours';
import { eventually } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckReport, Reading } from './judge.ts';
import { AccuracyLab, clockErrors } from './measure.ts';

const accuracy = new AccuracyLab();

beforeAll(() => accuracy.start());
afterAll(() => accuracy.remove());

/** The generated table has all errors; here the ends, the limits, and both signs. */
const errors = clockErrors.filter((error) => ['−100 ms', '+31 s', '+40 y', '−40 y'].includes(error.text));

const contradictions = (readings: readonly Reading[]): string[] =>
  readings
    .filter((one) => !one.holds)
    .map(
      (one) =>
        `${one.node} by ${one.source}: [${one.reported.low}, ${one.reported.high}] excludes [${one.truth.low}, ${one.truth.high}]`,
    );

describe('check', () => {
  test('every interval holds the lab’s truth and every verdict is right, for every flavour and error', async () => {
    const seen = new Set<string>();
    for await (const { findings, others } of accuracy.rounds(errors)) {
      for (const { flavour, error, readings, verdict } of findings) {
        const what = `${flavour} at ${error.text}`;
        expect(contradictions(readings), what).toEqual([]);
        expect(verdict.wrong, `${what}: ${verdict.codes.join(', ')}`).toBeNull();
        for (const { source } of readings) seen.add(`${flavour}/${source}`);
      }
      expect(contradictions(others.readings)).toEqual([]);
      expect(others.verdicts.filter((one) => one.wrong !== null)).toEqual([]);
    }
    for (const { name } of flavours) {
      expect([...seen]).toContain(`${name}/ssh`);
      expect([...seen]).toContain(`${name}/node-exporter`);
      expect([...seen]).toContain(`${name}/prometheus`);
    }
    for (const name of ['chrony', 'ntpsec', 'openntpd', 'el-like'])
      expect([...seen]).toContain(`${name}/ntp`);
  });
});

const nothingYet: CheckReport = {
  median: null,
  limits: { medianWarningSeconds: 0, medianCriticalSeconds: 0, roleSeconds: {} },
  nodes: [],
};

describe('serve', () => {
  test('shows a clock that jumps, with the truth inside its interval', async () => {
    const main = join(import.meta.dirname, '../../packages/cli/main.ts');
    const listen = '127.0.0.1:8323';
    const server = accuracy.lab.start([
      process.execPath,
      main,
      'serve',
      '-c',
      accuracy.liveConfigFile,
      '-l',
      listen,
    ]);
    const report = async (): Promise<CheckReport> => {
      const script = `const get = async (path) => (await fetch('http://${listen}/api/v1' + path)).json();
        const { cluster, rows } = await get('/cluster');
        const nodes = [];
        for (const { name } of rows) nodes.push((await get('/nodes/' + name)).node);
        process.stdout.write(JSON.stringify({ ...cluster, nodes }));`;
      const command = [process.execPath, '--input-type=module', '-e', script];
      const outcome = await accuracy.lab.inside(command, 30_000);
      // Until it listens nothing is printed.
      return outcome.stdout === '' ? nothingYet : (JSON.parse(outcome.stdout) as CheckReport);
    };
    try {
      await eventually(
        async () => {
          const { nodes } = await report();
          return nodes.length === flavours.length && nodes.every((node) => node.offset !== null);
        },
        'every node has an offset',
        180_000,
      );
      await accuracy.step('node2', '45');
      await eventually(
        async () => {
          const node = (await report()).nodes.find(({ name }) => name === 'node2');
          return node?.reasons.some(({ code }) => code === 'offset-warning') === true;
        },
        'node2 is a warning',
        180_000,
      );
      // Every source must have asked again: before that, its last answer is about the clock as it was.
      await eventually(
        async () => {
          const { readings } = await accuracy.judged(report);
          return readings.length > 0 && contradictions(readings).length === 0;
        },
        'all readings hold the truth',
        180_000,
      );
      const { verdicts } = await accuracy.judged(report);
      expect(verdicts.filter((one) => one.wrong !== null)).toEqual([]);
      await accuracy.step('node2', '-45');
    } finally {
      server.kill('SIGTERM');
      await new Promise((resolve) => {
        if (server.exitCode !== null || server.signalCode !== null) resolve(undefined);
        else server.once('exit', resolve);
      });
    }
  });
});
