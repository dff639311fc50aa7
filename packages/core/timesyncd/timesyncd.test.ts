import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTimedatectl, parseTimesync, syncStateOfTimesync } from './index.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url);

function captured(file: string): string {
  return readFileSync(new URL(file, fixtures), 'utf8');
}

describe('timedatectl', () => {
  it('is read in the wording of systemd 219, of today, and of show', () => {
    expect(parseTimedatectl(captured('systemd-219/timedatectl.txt'))).toEqual({
      systemClockSynchronized: true,
      ntpService: 'active',
      timezone: 'Asia/Hong_Kong',
      rtcInLocalTz: false,
    });
    expect(parseTimedatectl(captured('systemd-24x/timedatectl.txt'))).toEqual({
      systemClockSynchronized: true,
      ntpService: 'active',
      timezone: 'Asia/Shanghai',
      rtcInLocalTz: false,
    });
    const now = {
      systemClockSynchronized: false,
      ntpService: 'n/a',
      timezone: 'Europe/Berlin',
      rtcInLocalTz: false,
    };
    expect(parseTimedatectl(captured('systemd-252/silent/timedatectl.txt'))).toEqual(now);
    expect(parseTimedatectl(captured('systemd-252/silent/timedatectl-show.txt'))).toEqual(now);
  });

  it('knows other old wordings', () => {
    const parse = (line: string): unknown => parseTimedatectl(`NTP synchronized: no\n${line}`)?.ntpService;
    expect(parse('     NTP enabled: yes')).toBe('active');
    expect(parse('     NTP enabled: n/a')).toBe('n/a');
    expect(parse('systemd-timesyncd.service active: no')).toBe('inactive');
    expect(parse('     NTP service: inactive')).toBe('inactive');
  });

  it('is read in a Chinese locale, with Windows line ends and only in part', () => {
    const text =
      '               Local time: 四 2026-05-14 19:44:53 CST\r\nSystem clock synchronized: yes\r\n';
    expect(parseTimedatectl(text)).toEqual({
      systemClockSynchronized: true,
      ntpService: null,
      timezone: null,
      rtcInLocalTz: null,
    });
    expect(parseTimedatectl('Local time: now\n')).toBeNull();
    expect(parseTimedatectl('Time zone: n/a (n/a, n/a)\nRTC in local TZ: no')?.timezone).toBeNull();
  });
});

describe('timesync-status and show-timesync', () => {
  it('turn systemd’s sign: a server ahead is a node behind', () => {
    const ahead = parseTimesync(captured('systemd-252/server-ahead/timedatectl-timesync-status.txt'));
    const behind = parseTimesync(captured('systemd-252/server-behind/timedatectl-timesync-status.txt'));
    expect(ahead?.offsetSeconds).toBeCloseTo(-0.25, 1);
    expect(behind?.offsetSeconds).toBeCloseTo(0.25, 1);
    expect(syncStateOfTimesync(ahead as NonNullable<typeof ahead>).referenceOffset?.seconds).toBeLessThan(0);
  });

  it('agree with each other', () => {
    const status = parseTimesync(captured('systemd-252/follows/timedatectl-timesync-status.txt'));
    const show = parseTimesync(captured('systemd-252/follows/timedatectl-show-timesync.txt'));
    expect(status).toMatchObject({
      server: '127.0.0.1',
      stratum: 1,
      leap: 'normal',
      rootDistanceMaxSeconds: 5,
    });
    expect(show).toMatchObject({
      server: '127.0.0.1',
      serverAddress: '127.0.0.1',
      stratum: 1,
      leap: 'normal',
      ignored: false,
      offsetSeconds: null,
    });
    expect(show?.rootDistanceSeconds).toBeCloseTo(status?.rootDistanceSeconds ?? 0, 5);
    expect(show?.packetCount).toBe(status?.packetCount);
    expect(show?.pollIntervalSeconds).toBe(status?.pollIntervalSeconds);
  });

  it('of a server that never answered claim nothing', () => {
    for (const file of ['timedatectl-timesync-status.txt', 'timedatectl-show-timesync.txt']) {
      const report = parseTimesync(captured(`systemd-252/silent/${file}`));
      expect(report).toMatchObject({
        server: '127.0.0.4',
        stratum: null,
        packetCount: 0,
        offsetSeconds: null,
      });
      const sync = syncStateOfTimesync(report as NonNullable<typeof report>);
      expect(sync).toMatchObject({ synchronized: false, stratum: null, referenceOffset: null });
    }
  });

  it('have exact values', () => {
    const text = [
      '       Server: 91.189.94.4 (ntp.ubuntu.com)',
      'Poll interval: 34min 8s (min: 32s; max 34min 8s)',
      '         Leap: normal',
      '      Version: 4',
      '      Stratum: 2',
      '    Reference: 11A26B7C',
      '    Precision: 1us (-23)',
      'Root distance: 29.640ms (max: 5s)',
      '       Offset: -1.202ms',
      '        Delay: 229.563ms',
      '       Jitter: 1.622ms',
      ' Packet count: 5',
      '    Frequency: -12.345ppm',
    ].join('\r\n');
    expect(parseTimesync(text)).toEqual({
      server: 'ntp.ubuntu.com',
      serverAddress: '91.189.94.4',
      stratum: 2,
      leap: 'normal',
      rootDelaySeconds: null,
      rootDispersionSeconds: null,
      rootDistanceSeconds: 29.64 * 1e-3,
      rootDistanceMaxSeconds: 5,
      pollIntervalSeconds: 2048,
      packetCount: 5,
      offsetSeconds: 1.202 * 1e-3,
      delaySeconds: 229.563 * 1e-3,
      jitterSeconds: 1.622 * 1e-3,
      ignored: null,
      frequencyPpm: -12.345,
    });
    const cut = (length: number): unknown => parseTimesync(text.slice(0, length));
    for (let length = 0; length < text.length; length++) expect(() => cut(length)).not.toThrow();
  });
});
