import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeHeader } from '../packet.ts';
import { decodeData, type ReplyData } from '../reply.ts';
import {
  chronycError,
  parseActivity,
  parseNtpData,
  parseSelectData,
  parseServerStats,
  parseSourceStats,
  parseSources,
  parseTracking,
} from './index.ts';

const fixtures = new URL('../../../../fixtures/', import.meta.url);
const chrony43 = new URL('chrony-4.3/', fixtures);
const situations = readdirSync(chrony43);

function captured(situation: string, file: string): string {
  return readFileSync(new URL(`${situation}/${file}`, chrony43), 'utf8');
}

/** What chronyc printed, and the packets from which it printed it. */
function sameMoment(situation: string, report: string): { printed: string; data: ReplyData[] } {
  const { report: printed, exchanges } = JSON.parse(captured(situation, `${report}.packets.json`)) as {
    report: string;
    exchanges: { reply: string }[];
  };
  const data = exchanges.map(({ reply }) => {
    const packet = new Uint8Array(Buffer.from(reply, 'hex'));
    return decodeData(packet, decodeHeader(packet)?.replyType ?? 0);
  });
  return { printed, data };
}

/** chronyc prints at least two digits of offsets, three decimals of ppm. */
function near(actual: number | undefined, exact: number, step = 1e-9): void {
  expect(Math.abs((actual ?? Number.NaN) - exact)).toBeLessThanOrEqual(
    Math.max(Math.abs(exact) * 0.051, step),
  );
}

describe('the packets and the text of one moment', () => {
  it.each(situations)('agree on tracking in %s', (situation) => {
    const { printed, data } = sameMoment(situation, 'tracking');
    const exact = data.find((one) => one.type === 'tracking');
    const read = parseTracking(printed);
    if (exact?.type !== 'tracking' || read === null) throw new Error(printed);
    const { value } = exact.tracking;
    expect([read.refId, read.stratum, read.leap]).toEqual([value.refId, value.stratum, value.leap]);
    near(read.systemOffsetSeconds, value.systemOffsetSeconds);
    near(read.lastOffsetSeconds, value.lastOffsetSeconds);
    near(read.rmsOffsetSeconds, value.rmsOffsetSeconds);
    near(read.frequencyPpm, value.frequencyPpm, 5.1e-4);
    near(read.residualFrequencyPpm, value.residualFrequencyPpm, 5.1e-4);
    near(read.skewPpm, value.skewPpm, 5.1e-4);
    near(read.rootDelaySeconds, value.rootDelaySeconds);
    near(read.rootDispersionSeconds, value.rootDispersionSeconds);
    near(read.updateIntervalSeconds, value.updateIntervalSeconds, 0.051);
    expect(read.referenceTimeSeconds).toBe(
      value.referenceTimeSeconds === null ? null : Math.floor(value.referenceTimeSeconds),
    );
  });

  it.each(situations)('agree on sources in %s', (situation) => {
    const { printed, data } = sameMoment(situation, 'sources');
    const exact = data
      .filter((one) => one.type === 'source-data')
      .map(({ source }) => source)
      .filter(({ address }) => address.family !== 'id')
      .map(({ value }) => value);
    const read = parseSources(printed);
    expect(read?.length).toBe(exact.length);
    read?.forEach((row, index) => {
      const packet = exact[index];
      if (packet === undefined) throw new Error('one source too many');
      for (const key of ['mode', 'state', 'stratum', 'poll', 'reach', 'lastSampleAgeSeconds'] as const) {
        expect(row[key]).toBe(packet[key]);
      }
      near(row.adjustedOffsetSeconds, packet.adjustedOffsetSeconds);
      near(row.measuredOffsetSeconds, packet.measuredOffsetSeconds);
      near(row.errorSeconds, packet.errorSeconds);
    });
  });

  it.each(situations)('agree on sourcestats in %s', (situation) => {
    const { printed, data } = sameMoment(situation, 'sourcestats');
    const exact = data
      .filter((one) => one.type === 'sourcestats')
      .map(({ stats }) => stats)
      .filter(({ address }) => address.family !== 'id')
      .map(({ value }) => value);
    const read = parseSourceStats(printed);
    expect(read?.length).toBe(exact.length);
    read?.forEach((row, index) => {
      const packet = exact[index];
      if (packet === undefined) throw new Error('one source too many');
      expect([row.samples, row.runs, row.spanSeconds]).toEqual([
        packet.samples,
        packet.runs,
        packet.spanSeconds,
      ]);
      near(row.residualFrequencyPpm, packet.residualFrequencyPpm, 5.1e-4);
      near(row.skewPpm, packet.skewPpm, 5.1e-4);
      near(row.offsetSeconds, packet.offsetSeconds);
      near(row.standardDeviationSeconds, packet.standardDeviationSeconds);
    });
  });

  it.each(situations)('agree on activity in %s', (situation) => {
    const { printed, data } = sameMoment(situation, 'activity');
    const exact = data.find((one) => one.type === 'activity');
    expect(parseActivity(printed)).toEqual(exact?.type === 'activity' ? exact.activity : null);
  });
});

describe('plain and -c', () => {
  it.each(situations)('tell the same in %s', (situation) => {
    const both = <T>(report: string, parse: (text: string) => T): [T, T] => [
      parse(captured(situation, `${report}.txt`)),
      parse(captured(situation, `${report}-c.txt`)),
    ];
    const [tracking, trackingCsv] = both('tracking', parseTracking);
    expect(tracking).not.toBeNull();
    expect(tracking?.refId).toBe(trackingCsv?.refId);
    expect(Math.sign(tracking?.frequencyPpm ?? 9)).toBe(Math.sign(trackingCsv?.frequencyPpm ?? 9));
    const [sources, sourcesCsv] = both('sources', parseSources);
    expect(sources?.map(({ name, mode }) => [name, mode])).toEqual(
      sourcesCsv?.map(({ name, mode }) => [name, mode]),
    );
    const [stats, statsCsv] = both('sourcestats', parseSourceStats);
    expect(stats?.map(({ name }) => name)).toEqual(statsCsv?.map(({ name }) => name));
    const [activity, activityCsv] = both('activity', parseActivity);
    expect(activity?.online).toBe(activityCsv?.online);
    const [ntp, ntpCsv] = both('ntpdata', parseNtpData);
    expect(ntp?.map(({ address, port }) => [address, port])).toEqual(
      ntpCsv?.map(({ address, port }) => [address, port]),
    );
    const [select, selectCsv] = both('selectdata', parseSelectData);
    expect(select?.map(({ name }) => name)).toEqual(selectCsv?.map(({ name }) => name));
    const [server, serverCsv] = both('serverstats', parseServerStats);
    expect(Object.keys(server ?? {})).toEqual(Object.keys(serverCsv ?? {}));
    expect(server?.ntpReceived).toBe(serverCsv?.ntpReceived);
  });
});

describe('exact values', () => {
  it('of tracking, with both signs', () => {
    const slow = parseTracking(
      '7F000001,127.0.0.1,4,1795355469.192190848,0.000001150,0.000000042,0.000000319,-0.001,0.002,0.032,0.000006694,0.000001123,1.0,Normal',
    );
    expect(slow).toEqual({
      refId: '7F000001',
      refName: '127.0.0.1',
      stratum: 4,
      leap: 'normal',
      referenceTimeSeconds: 1795355469.192191,
      systemOffsetSeconds: -1.15e-6,
      lastOffsetSeconds: 4.2e-8,
      rmsOffsetSeconds: 3.19e-7,
      frequencyPpm: -0.001,
      residualFrequencyPpm: 0.002,
      skewPpm: 0.032,
      rootDelaySeconds: 6.694e-6,
      rootDispersionSeconds: 1.123e-6,
      updateIntervalSeconds: 1,
    });
    const plain = (words: string): string =>
      [
        'Reference ID    : 203.0.113.15 (ntp1.example.net)',
        'Stratum         : 3',
        'Ref time (UTC)  : Fri Jan 27 09:49:17 2017',
        `System time     : 0.000006523 seconds ${words} of NTP time`,
        'Last offset     : -0.000006747 seconds',
        'RMS offset      : 0.000035822 seconds',
        `Frequency       : 3.225 ppm ${words}`,
        'Residual freq   : -0.000 ppm',
        'Skew            : 0.129 ppm',
        'Root delay      : 0.013639022 seconds',
        'Root dispersion : 0.001100737 seconds',
        'Update interval : 64.2 seconds',
        'Leap status     : Normal',
      ].join('\r\n');
    expect(parseTracking(plain('slow'))).toMatchObject({
      refId: 'CB00710F',
      refName: 'ntp1.example.net',
      systemOffsetSeconds: -6.523e-6,
      frequencyPpm: -3.225,
      referenceTimeSeconds: 1485510557,
    });
    expect(parseTracking(plain('fast'))).toMatchObject({
      systemOffsetSeconds: 6.523e-6,
      frequencyPpm: 3.225,
    });
  });

  it('of never synchronised: no time, no name', () => {
    const never =
      '00000000,,0,0.000000000,0.000000000,0.000000000,0.000000000,0.000,0.000,0.000,1.000000000,1.000000000,0.0,Not synchronised';
    expect(parseTracking(never)).toMatchObject({
      refName: null,
      stratum: 0,
      leap: 'unsynchronized',
      referenceTimeSeconds: null,
    });
    expect(Object.is(parseTracking(never)?.systemOffsetSeconds, 0)).toBe(true);
  });

  it('of sources of chrony 3', () => {
    const text = readFileSync(new URL('chrony-3/sources-v.txt', fixtures), 'utf8');
    const rows = parseSources(text);
    expect(rows?.length).toBe(5);
    expect(rows?.[0]).toEqual({
      name: '120.25.115.20',
      address: '120.25.115.20',
      mode: 'server',
      state: 'selected',
      stratum: 2,
      poll: 9,
      reach: 255,
      lastSampleAgeSeconds: 55,
      adjustedOffsetSeconds: 147 * 1e-6,
      measuredOffsetSeconds: 250 * 1e-6,
      errorSeconds: 15 * 1e-3,
    });
    expect(rows?.[1]).toMatchObject({ state: 'not-combined', adjustedOffsetSeconds: -0.025, poll: 10 });
    expect(rows?.[3]).toMatchObject({ name: 'static-5-103-139-163.ip.f', reach: 0o167 });
  });

  it('of sourcestats of chrony 3', () => {
    const rows = parseSourceStats(readFileSync(new URL('chrony-3/sourcestats-v.txt', fixtures), 'utf8'));
    expect(rows?.length).toBe(5);
    expect(rows?.[0]).toMatchObject({
      samples: 15,
      runs: 11,
      spanSeconds: 2640,
      residualFrequencyPpm: 0.011,
      skewPpm: 0.909,
      standardDeviationSeconds: 758 * 1e-6,
    });
    expect(rows?.[1]?.offsetSeconds).toBe(-0.023);
  });

  it('of a source never heard, of every unit, and of modes and states', () => {
    expect(parseSources('=~ 10.0.0.1   0   6     0     -     +0ns[   +0ns] +/-    0ns')?.[0]).toMatchObject({
      mode: 'peer',
      state: 'jittery',
      lastSampleAgeSeconds: null,
    });
    const ages = ['12m', '11h', '4d', '2y'].map(
      (age) =>
        parseSources(`^x a.example  1  10  377  ${age}  -2629us[-2619us] +/-   86ms`)?.[0]
          ?.lastSampleAgeSeconds,
    );
    expect(ages).toEqual([720, 39_600, 345_600, 63_072_000]);
    expect(parseSources('^,?,n,0,6,0,4294967295,0.0,0.0,0.0')?.[0]?.lastSampleAgeSeconds).toBeNull();
  });

  it('of ntpdata: chronyc’s sign is turned, and nothing is claimed of a silent source', () => {
    const row = (offset: string, valid: number): string =>
      `127.0.0.1,7F000001,21123,127.0.0.1,7F000001,Normal,4,Server,3,0,1,-26,0.000000015,0.001000,0.002000,7F7F0101,,1795355446.020754451,${offset},0.000008718,0.000000035,0.000063019,0.45,111,111,1111,No,No,Kernel,Kernel,32,${valid},${valid},31`;
    expect(parseNtpData(row('-0.000001144', 32))?.[0]).toMatchObject({
      address: '127.0.0.1',
      offsetSeconds: 1.144e-6,
      rootDelaySeconds: 0.001,
      tests: '1111111111',
      good: 31,
    });
    expect(parseNtpData(row('0.5', 32))?.[0]?.offsetSeconds).toBe(-0.5);
    expect(parseNtpData(row('0.000000000', 0))?.[0]).toMatchObject({ offsetSeconds: null, tests: null });
  });

  it('of selectdata', () => {
    expect(
      parseSelectData('D ntp1.example.net          Y ----- --TR-    4   1.0   -61ms   +62ms  N')?.[0],
    ).toEqual({
      name: 'ntp1.example.net',
      state: 'D',
      authenticated: true,
      configuredOptions: '',
      effectiveOptions: 'TR',
      lastSampleAgeSeconds: 4,
      score: 1,
      lowSeconds: -61 * 1e-3,
      highSeconds: 62 * 1e-3,
      leap: 'normal',
    });
  });

  it('of serverstats of chrony 3, 4.0, 4.1 and 4.4', () => {
    expect(parseServerStats('1,2,3,4,5')).toMatchObject({
      ntpReceived: 1,
      clientLogDropped: 5,
      ntsAccepted: null,
    });
    expect(parseServerStats('1,2,3,4,5,6,7,8')).toMatchObject({ authenticated: 8, interleaved: null });
    expect(parseServerStats('1,2,3,4,5,6,7,8,9,10,11')).toMatchObject({ interleaved: 9 });
    expect(parseServerStats(new Array(17).fill('7').join(','))).toMatchObject({ interleaved: 7 });
    expect(parseServerStats('1,2,3')).toBeNull();
  });
});

describe('what is no report', () => {
  it('gives null, and chronyc’s own words are found', () => {
    for (const text of [
      '506 Cannot talk to daemon',
      '501 Not authorised',
      'bash: chronyc: command not found',
    ]) {
      expect([parseTracking(text), parseSources(text), parseSourceStats(text), parseActivity(text)]).toEqual([
        null,
        null,
        null,
        null,
      ]);
    }
    expect(chronycError('501 Not authorised\n')).toBe('501 Not authorised');
    expect(chronycError('506 Cannot talk to daemon')).toBe('506 Cannot talk to daemon');
    expect(chronycError('200 OK')).toBeNull();
  });

  it('knows no sources from no answer', () => {
    expect(parseSources(captured('no-sources', 'sources.txt'))).toEqual([]);
    expect(parseSources('')).toEqual([]);
  });

  it('cut at any length never throws and never invents a value', () => {
    for (const situation of ['mixed', 'ahead']) {
      const whole = parseTracking(captured(situation, 'tracking.txt'));
      const text = captured(situation, 'tracking.txt').trimEnd();
      for (let length = 0; length < text.length; length++) {
        expect(parseTracking(text.slice(0, length))).toBeNull();
      }
      expect(parseTracking(text)).toEqual(whole);
      for (const report of ['sources', 'sourcestats', 'ntpdata', 'selectdata', 'serverstats', 'activity']) {
        for (const kind of ['', '-c']) {
          const full = captured(situation, `${report}${kind}.txt`);
          for (let length = 0; length < full.length; length += 3) {
            const cut = full.slice(0, length);
            parseSources(cut);
            parseSourceStats(cut);
            parseNtpData(cut);
            parseSelectData(cut);
            parseServerStats(cut);
            parseActivity(cut);
          }
        }
      }
    }
  });
});
