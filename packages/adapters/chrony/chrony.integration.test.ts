/** Against real chronyds: every decoded number is held against `chronyc -c` of the same moment. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { ChronyState, Reading } from '@clockwarden/core/observe';
import { type Chronyd, chronyc, startChronyd } from '@clockwarden/testkit/daemons';
import { startResponder } from '@clockwarden/testkit/responder';
import { waitFor } from '@clockwarden/testkit/wait';
import { describe, expect, it } from 'vitest';
import { cryptoRandom } from '../round/index.ts';
import { createChronySource } from './index.ts';

const timeBase = {
  monotonic: () => process.hrtime.bigint(),
  instantAt: (monotonic: bigint) => monotonic,
  instantOfRealtime: () => null,
  timeOfDayAt: (monotonic: bigint) => monotonic,
  precisionSeconds: 1e-6,
};

async function read(daemon: Chronyd, timeoutSeconds = 5): Promise<Reading> {
  const source = createChronySource({ port: daemon.cmdPort, intervalSeconds: 15, timeoutSeconds });
  const node: NodeSpec = { name: 'n', address: daemon.address, roles: [], ssh: {}, origin: 'test' };
  const readings: Reading[] = [];
  await source.collect(
    [node],
    { timeBase, random: cryptoRandom, signal: new AbortController().signal },
    (_, reading) => readings.push(reading),
  );
  await source.close();
  expect(readings.length).toBe(1);
  return readings[0] as Reading;
}

function stateOf(reading: Reading): ChronyState {
  if (!reading.result.ok || reading.result.facts.chrony === null)
    throw new Error(JSON.stringify(reading.result));
  return reading.result.facts.chrony;
}

async function printed(daemon: Chronyd, ...args: string[]): Promise<string[][]> {
  const { stdout } = await chronyc(['-c', ...args], daemon);
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(','));
}

const marks = {
  selected: '*',
  combined: '+',
  'not-combined': '-',
  unusable: '?',
  falseticker: 'x',
  jittery: '~',
} as const;
const modes = { server: '^', peer: '=', refclock: '#' } as const;

/** What `chronyc -c -a` would print of our values; ages and slewed values move between two questions, so they are apart. */
function asChronyc(state: ChronyState): { sources: string[][]; stats: string[][] } {
  return {
    sources: (state.sources ?? []).map((source) => [
      modes[source.mode],
      marks[source.state],
      source.address,
      String(source.stratum),
      String(source.poll),
      source.reach.toString(8),
      source.measuredOffsetSeconds.toFixed(9),
      source.errorSeconds.toFixed(9),
    ]),
    stats: (state.sourceStats ?? []).map((stats) => [
      stats.address,
      String(stats.samples),
      String(stats.runs),
      String(stats.spanSeconds),
      stats.residualFrequencyPpm.toFixed(3).replace(/^-(0\.0+)$/, '$1'),
      stats.skewPpm.toFixed(3),
      stats.standardDeviationSeconds.toFixed(9),
    ]),
  };
}

function withoutMinusZero(row: readonly string[]): string[] {
  return row.map((field) => field.replace(/^-(0\.0+)$/, '$1'));
}

/** Asks both until nothing happened in between. */
async function sameMoment(daemon: Chronyd): Promise<ChronyState> {
  return waitFor(
    async () => {
      const before = [await printed(daemon, 'sources', '-a'), await printed(daemon, 'sourcestats', '-a')];
      const state = stateOf(await read(daemon));
      const after = [await printed(daemon, 'sources', '-a'), await printed(daemon, 'sourcestats', '-a')];
      const still = (rows: string[][][]): string =>
        JSON.stringify([
          rows[0]?.map((row) => withoutMinusZero([...row.slice(0, 6), row[8] ?? '', row[9] ?? ''])),
          rows[1]?.map((row) => withoutMinusZero([...row.slice(0, 6), row[7] ?? ''])),
        ]);
      if (still(before) !== still(after)) return undefined;
      const ours = asChronyc(state);
      expect(JSON.stringify([ours.sources.map(withoutMinusZero), ours.stats])).toBe(still(before));
      return state;
    },
    { deadlineMs: 60_000, everyMs: 200, what: 'two equal answers of chronyc', evidence: daemon.log },
  );
}

describe('a real chronyd over UDP', () => {
  it('with selected, combined, lying, silent and unresolved sources gives what chronyc gives', async () => {
    await using one = await startChronyd({ address: '127.0.0.2', config: ['local stratum 2', 'allow'] });
    await using two = await startChronyd({ config: ['local stratum 2', 'allow'] });
    await using liar = await startResponder({ address: '127.0.0.3', behaviour: { aheadSeconds: 5 } });
    await using silent = await startResponder({ address: '127.0.0.4', behaviour: { copies: 0 } });
    await using client = await startChronyd({
      port: 0,
      config: [
        ...[one, liar, silent].map(({ address, port }) => `server ${address} port ${port} iburst`),
        `server localhost port ${two.port} iburst`,
        'server ntp.invalid iburst',
        'refclock SHM 7 refid GPS noselect',
      ],
    });
    await waitFor(
      async () => {
        const seen = stateOf(await read(client)).sources?.map(({ state }) => state) ?? [];
        return seen.includes('selected') && seen.includes('falseticker');
      },
      { deadlineMs: 60_000, everyMs: 250, what: 'a selection', evidence: client.log },
    );
    const state = await sameMoment(client);
    const byName = (name: string) => state.sources?.find((source) => source.name === name);
    expect(byName('GPS')).toMatchObject({ mode: 'refclock', state: 'unusable', lastSampleAgeSeconds: null });
    expect(byName('ntp.invalid')).toMatchObject({ state: 'unusable', reach: 0 });
    expect(byName('127.0.0.4')).toMatchObject({ state: 'unusable', lastSampleAgeSeconds: null });
    // The busier the machine, the later the liar's stamps; its own bound knows.
    const liesBy = byName('127.0.0.3')?.measuredOffsetSeconds ?? 0;
    expect(Math.abs(liesBy + 5)).toBeLessThanOrEqual((byName('127.0.0.3')?.errorSeconds ?? 0) + 1e-3);
    expect(state.activity?.unresolved).toBe(1);
    const [row] = await printed(client, 'tracking');
    const { tracking } = state;
    expect([tracking?.refId, tracking?.stratum, tracking?.referenceTimeSeconds?.toFixed(6)]).toEqual([
      row?.[0],
      Number(row?.[2]),
      Number(row?.[3]).toFixed(6),
    ]);
    expect(tracking?.lastOffsetSeconds).toBeCloseTo(Number(row?.[5]), 9);
    expect(tracking?.rmsOffsetSeconds).toBeCloseTo(Number(row?.[6]), 9);
    expect(tracking?.frequencyPpm).toBeCloseTo(Number(row?.[7]), 2);
    expect(tracking?.skewPpm).toBeCloseTo(Number(row?.[9]), 2);
    expect(tracking?.rootDelaySeconds).toBeCloseTo(Number(row?.[10]), 9);
    expect(tracking?.updateIntervalSeconds).toBeCloseTo(Number(row?.[12]), 1);
  });

  it.each([
    ['ahead', -0.25, 1],
    ['behind', 0.25, -1],
  ])('whose clock is %s of its server says so with our sign', async (_, aheadSeconds, sign) => {
    await using server = await startResponder({ behaviour: { aheadSeconds } });
    await using client = await startChronyd({
      port: 0,
      config: [`server 127.0.0.1 port ${server.port} iburst minpoll -2 maxpoll -1`],
    });
    const reading = await waitFor(
      async () => {
        const one = await read(client);
        const offset = stateOf(one).tracking?.systemOffsetSeconds ?? 0;
        return Math.abs(offset) > 0.1 ? one : undefined;
      },
      { deadlineMs: 60_000, what: 'an offset being slewed', evidence: client.log },
    );
    const facts = reading.result.ok ? reading.result.facts : null;
    expect(Math.sign(facts?.chrony?.tracking?.systemOffsetSeconds ?? 0)).toBe(sign);
    expect(facts?.sync).toMatchObject({ synchronized: true, daemon: 'chronyd', source: '127.0.0.1' });
    const { low = 0, high = 0 } = facts?.sync?.referenceOffset ?? {};
    const bound = facts?.sync?.rootDistanceSeconds ?? 0;
    expect(high - low).toBeCloseTo(2 * bound, 12);
    expect(bound).toBeGreaterThan(0);
    expect(facts?.clock).toBeNull();
  });

  it('that is an island claims no offset', async () => {
    await using island = await startChronyd({ config: ['local stratum 10', 'allow'] });
    const reading = await waitFor(async () => {
      const one = await read(island);
      return stateOf(one).tracking?.stratum === 10 ? one : undefined;
    });
    const sync = reading.result.ok ? reading.result.facts.sync : null;
    expect(sync).toMatchObject({
      synchronized: true,
      refId: '7F7F0101',
      source: null,
      referenceOffset: null,
    });
  });

  it('that never synchronised says so', async () => {
    await using lonely = await startChronyd({ port: 0, config: [] });
    const reading = await read(lonely);
    const sync = reading.result.ok ? reading.result.facts.sync : null;
    expect(sync).toMatchObject({
      synchronized: false,
      stratum: null,
      leap: 'unsynchronized',
      rootDistanceSeconds: null,
    });
    expect(stateOf(reading).sources).toEqual([]);
  });
});
