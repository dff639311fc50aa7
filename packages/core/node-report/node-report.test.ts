import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, nanosecondsOf } from '../time/index.ts';
import {
  type ClockExchange,
  clockOf,
  configFileGlobs,
  daemonsOf,
  factsOfReport,
  hostOf,
  parseNodeTime,
  parseReport,
  parseUnits,
  timezoneOf,
} from './index.ts';

const marker = '=0123456789abcdef';
const section = (name: string, output: string, status = 0): string =>
  `\n${marker} ${name}\n${output}\n${marker} =${status}\n`;

describe('the frame', () => {
  test('gives each output byte for byte, with its status', () => {
    const report = parseReport(
      `noise\n${section('a', 'one\n\ntwo\n')}${section('b', '', 127)}${section('c', 'no newline')}`,
      marker,
    );
    expect([...report]).toEqual([
      ['a', { output: 'one\n\ntwo\n', status: 0 }],
      ['b', { output: '', status: 127 }],
      ['c', { output: 'no newline', status: 0 }],
    ]);
  });

  test('cut at any byte, it gives only what was finished', () => {
    const whole = `${section('a', 'first\n')}${section('b', 'second\n')}`;
    for (let length = 0; length <= whole.length; length++) {
      for (const [name, { output }] of parseReport(whole.slice(0, length), marker)) {
        expect(output).toBe({ a: 'first\n', b: 'second\n' }[name]);
      }
    }
  });

  test('cannot be forged by who does not know the marker', () => {
    const line = fc.constantFrom('\n', '=0 a\n', '=0123456789abcde a\n', ' =0\n', 'x', '\n=deadbeef evil\n');
    const hostile = fc.array(line).map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, (content) => {
        const report = parseReport(section('files', content) + section('end', ''), marker);
        expect([...report.keys()]).toEqual(['files', 'end']);
        expect(report.get('files')?.output).toBe(content);
      }),
    );
  });

  test('the first of two sections of a name counts, and there is an end to them', () => {
    const report = parseReport(section('a', '1') + section('a', '2'), marker);
    expect(report.get('a')?.output).toBe('1');
    const many = Array.from({ length: 500 }, (_, index) => section(`s${index}`, '')).join('');
    expect(parseReport(many, marker).size).toBeLessThanOrEqual(64);
  });
});

describe('what a node shows as its time', () => {
  test.each([
    ['1700000000.123456789', 1_700_000_000_123_456_789n, 1_700_000_000_123_456_790n],
    ['1700000000.123456', 1_700_000_000_123_455_000n, 1_700_000_000_123_457_000n],
    ['1700000000', 1_700_000_000_000_000_000n, 1_700_000_001_000_000_000n],
    ['1700000000.N', 1_700_000_000_000_000_000n, 1_700_000_001_000_000_000n],
    ['1700000000.%N', 1_700_000_000_000_000_000n, 1_700_000_001_000_000_000n],
    ['0.000000000', 0n, 1n],
  ])('%s', (shown, low, high) => {
    expect(parseNodeTime(shown)).toEqual({ low, high });
  });

  test.each(['', 'N', '-5', '1e9', '.5', '1700000000.1234567890', '123456789012'])('%j is none', (shown) => {
    expect(parseNodeTime(shown)).toBeNull();
  });
});

describe('the clock from several exchanges', () => {
  const exchange = (sent: number, received: number, node: number): ClockExchange => ({
    sent: nanosecondsOf(sent),
    received: nanosecondsOf(received),
    node: { low: nanosecondsOf(node), high: nanosecondsOf(node) + 1n },
  });

  test.each([5, -5])('a node %d s off is that far off, the narrowest exchange ruling', (offset) => {
    const result = clockOf(
      [
        exchange(100, 100.5, 100.4 + offset),
        exchange(101, 101.002, 101.001 + offset),
        exchange(102, 102.3, 102.1 + offset),
      ],
      1e-6,
    );
    expect(result?.clock).toMatchObject({ samples: 3, stampedBy: 'node-command' });
    expect(result?.clock.delaySeconds).toBeCloseTo(0.002, 9);
    expect(result?.clock.offset.seconds).toBeCloseTo(offset, 3);
    expect(result?.at).toBe(nanosecondsOf(102.15));
    expect(result?.stepped).toBe(false);
  });

  test('a step in between leaves the exchanges after it', () => {
    const result = clockOf(
      [
        exchange(1, 1.001, 1.0005),
        exchange(2, 2.001, 2.0005),
        exchange(3, 3.001, 63.0005),
        exchange(4, 4.001, 64.0005),
      ],
      0,
    );
    expect(result).toMatchObject({ stepped: true, clock: { samples: 2 } });
    expect(result?.clock.offset.seconds).toBeCloseTo(60, 3);
  });

  test('without an exchange there is no clock', () => {
    expect(clockOf([], 0)).toBeNull();
  });

  test('contains the truth, wherever in its exchange the node looked and as coarsely as it shows it', () => {
    const round = fc.record({
      gap: fc.integer({ min: 0, max: 50_000_000 }),
      there: fc.integer({ min: 0, max: 40_000_000 }),
      back: fc.integer({ min: 0, max: 40_000_000 }),
      digits: fc.constantFrom(0, 6, 9),
    });
    const rounds = fc.array(round, { minLength: 1, maxLength: 12 });
    const ppm = fc.integer({ min: -40, max: 40 });
    fc.assert(
      fc.property(rounds, fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), ppm, (all, offset, rate) => {
        const start = 1_700_000_000_000_000_000n;
        let now = start;
        let truth = 0;
        const exchanges = all.map(({ gap, there, back, digits }) => {
          const sent = now + BigInt(gap);
          const read = sent + BigInt(there);
          const received = read + BigInt(back);
          now = received;
          const drift = ((read - start) * BigInt(rate)) / 1_000_000n;
          truth = Number(offset + ((received - start) * BigInt(rate)) / 1_000_000n) / 1e9;
          const shown = (read + offset + drift).toString().padStart(10, '0');
          const fraction = shown.slice(-9).slice(0, digits);
          const node = parseNodeTime(shown.slice(0, -9) + (digits === 0 ? '' : `.${fraction}`));
          if (node === null) throw new Error(shown);
          return { sent, received, node };
        });
        const result = clockOf(exchanges, 1e-7);
        expect(result?.stepped).toBe(false);
        expect(result && contains(result.clock.offset, truth)).toBe(true);
      }),
    );
  });
});

describe('daemons', () => {
  const proc = (pid: number, comm: string, cmdline: string, cgroup: string): string =>
    `/proc/${pid}/comm:${comm}\n/proc/${pid}/cmdline:${cmdline}\n${cgroup.replace(/^/gm, `/proc/${pid}/cgroup:`)}\n`;
  const daemonsIn = (processes: string, units?: string) =>
    factsOfReport(
      parseReport(
        section('processes', processes) + (units === undefined ? '' : section('systemctl show', units)),
        marker,
      ),
      null,
      null,
    ).daemons;

  test('inactive is not active, and masked is not enabled', () => {
    const units = parseUnits(
      [
        'Id=chrony.service\nLoadState=loaded\nActiveState=inactive\nUnitFileState=enabled',
        'Id=systemd-timesyncd.service\nLoadState=masked\nActiveState=active\nUnitFileState=masked',
        'Id=ntp.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=',
        'Id=ntpsec.service\nLoadState=loaded\nActiveState=activating\nUnitFileState=static',
        'Id=chrony.service\nLoadState=loaded\nActiveState=inactive\nUnitFileState=enabled',
      ].join('\n\n'),
    );
    expect(units).toEqual([
      { id: 'chrony.service', active: false, enabled: true },
      { id: 'systemd-timesyncd.service', active: true, enabled: false },
      { id: 'ntpsec.service', active: false, enabled: null },
    ]);
  });

  test('two daemons on one clock are two, whether systemd owns them or not', () => {
    const processes =
      proc(10, 'chronyd', '/usr/sbin/chronyd\0-F\x001', '0::/system.slice/chrony.service') +
      proc(11, 'chronyd', '/usr/sbin/chronyd\0-F\x001', '0::/system.slice/chrony.service') +
      proc(12, 'ntpd', 'ntpd\0-g', '0::/user.slice/user-0.slice/session-1.scope');
    expect(
      daemonsIn(
        processes,
        'Id=chrony.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n',
      ),
    ).toEqual([
      { kind: 'chronyd', unit: 'chrony.service', running: true, enabled: true },
      { kind: 'ntpd', unit: null, running: true, enabled: null },
    ]);
  });

  test('the three programs called ntpd are told apart', () => {
    const kindOf = (cmdline: string, cgroup = '0::/') =>
      daemonsIn(proc(9, 'ntpd', cmdline, cgroup))?.[0]?.kind;
    expect(kindOf('/usr/sbin/ntpd\0-p\0/run/ntpd.pid\0-c\0/etc/ntpsec/ntp.conf')).toBe('ntpsec');
    expect(kindOf('ntpd: ntp engine')).toBe('openntpd');
    expect(kindOf('/usr/sbin/ntpd\0-f\0/etc/openntpd/ntpd.conf')).toBe('openntpd');
    expect(kindOf('/usr/sbin/ntpd', '4:cpu:/\n1:name=systemd:/system.slice/openntpd.service')).toBe(
      'openntpd',
    );
    expect(kindOf('/usr/sbin/ntpd\0-u\0ntp:ntp\0-g')).toBe('ntpd');
  });

  test('the three processes of one OpenNTPD are one daemon, whatever its unit is called', () => {
    const cgroup = '0::/system.slice/ntpd.service';
    const processes =
      proc(20, 'ntpd', '/opt/openntp/sbin/ntpd\0-d', cgroup) +
      proc(21, 'ntpd', 'ntpd: ntp engine', cgroup) +
      proc(22, 'ntpd', 'ntpd: dns engine', cgroup);
    const unit = 'Id=ntpd.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n';
    const daemon = { kind: 'openntpd', unit: 'ntpd.service', running: true };
    expect(daemonsIn(processes, unit)).toEqual([{ ...daemon, enabled: true }]);
    expect(daemonsIn(processes)).toEqual([{ ...daemon, enabled: null }]);
  });

  test('a chronyd that was told to leave the clock alone disciplines nothing', () => {
    for (const flags of ['-x\0-d', '-d\0-x', '-dx', '-4Q']) {
      expect(daemonsIn(proc(5, 'chronyd', `chronyd\0${flags}`, '0::/'))).toEqual([]);
    }
    for (const flags of ['-F\u00001', '-f\0/etc/x.conf', '-d\0-s']) {
      expect(daemonsIn(proc(5, 'chronyd', `chronyd\0${flags}`, '0::/'))).toHaveLength(1);
    }
  });

  test('a phc2sys that hands its samples to chronyd, as that of timemaster does, disciplines nothing', () => {
    const timemaster = '0::/system.slice/timemaster.service';
    const start = '/usr/sbin/phc2sys\0-l\u00005\0-a\0-r\0-R\u00001.00';
    const chronyd = proc(6, 'chronyd', 'chronyd\0-n\0-f\0/run/timemaster/chrony.conf', timemaster);
    for (const servo of ['-E\0ntpshm\0-M\u00000', '-Entpshm', '--clock_servo=refclock_sock']) {
      const processes = chronyd + proc(5, 'phc2sys', `${start}\0${servo}`, timemaster);
      expect(daemonsIn(processes)).toMatchObject([
        { kind: 'chronyd', unit: 'timemaster.service', running: true },
      ]);
    }
    for (const servo of ['-E\0linreg', '-M\0ntpshm', '']) {
      const processes = chronyd + proc(5, 'phc2sys', `${start}\0${servo}`, timemaster);
      expect(daemonsIn(processes)).toHaveLength(2);
    }
  });

  test('a unit that systemd calls active without a process of its kind does not run', () => {
    const units = [{ id: 'ntp.service', active: true, enabled: true }];
    expect(daemonsOf([], units)).toEqual([
      { kind: 'ntpd', unit: 'ntp.service', running: false, enabled: true },
    ]);
    expect(daemonsOf(null, units)?.[0]?.running).toBe(true);
    expect(daemonsOf(null, null)).toBeNull();
  });
});

describe('the timezone', () => {
  const evidence = { link: null, exists: true, timezoneFile: null, dateOffset: null };

  test.each([
    ['/usr/share/zoneinfo/Asia/Shanghai', 'Asia/Shanghai'],
    ['../usr/share/zoneinfo/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['/usr/share/zoneinfo/right/Europe/Berlin', 'Europe/Berlin'],
    ['/usr/share/zoneinfo/Etc/GMT+8', 'Etc/GMT+8'],
    ['/etc/my-zone', null],
    ['/usr/share/zoneinfo/$(reboot)', null],
    ['/usr/share/zoneinfo/localtime', null],
  ])('of a link to %s is %s', (link, name) => {
    expect(timezoneOf({ ...evidence, link })).toMatchObject({ name, localtime: 'link' });
  });

  test('offsets have both signs and half hours', () => {
    const offset = (dateOffset: string) => timezoneOf({ ...evidence, dateOffset }).utcOffsetSeconds;
    expect([offset('+0800\n'), offset('-0330\n'), offset('+0000\n')]).toEqual([28_800, -12_600, 0]);
    expect(offset('-0000')).toBe(0);
    expect(offset('CST')).toBeNull();
  });

  test('/etc/timezone conflicts only when it names another zone', () => {
    const conflict = (link: string, timezoneFile: string) =>
      timezoneOf({ ...evidence, link, timezoneFile }).conflictingName;
    expect(conflict('/usr/share/zoneinfo/UTC', 'Etc/UTC')).toBeNull();
    expect(conflict('/usr/share/zoneinfo/Asia/Tokyo', 'Asia/Tokyo')).toBeNull();
    expect(conflict('/usr/share/zoneinfo/Asia/Tokyo', 'Etc/UTC')).toBe('Etc/UTC');
    expect(conflict('/usr/share/zoneinfo/Asia/Tokyo', '<script>')).toBeNull();
  });
});

test('the host is named as os-release quotes it, and was started when its uptime says', () => {
  expect(
    hostOf({
      osRelease:
        'NAME="X"\nID="rocky"\nID_LIKE=\'rhel centos fedora\'\nPRETTY_NAME="Rocky \\"Linux\\" 9.3"\n',
      kernel: '5.14.0',
      uptime: '1000.25 2000.00',
      nodeTimeSeconds: 1_700_001_000,
      chronyVersion: 'chronyc (chrony) version 4.6.1 (+READLINE +SECHASH +IPV6 -DEBUG)\n',
    }),
  ).toEqual({
    os: 'rocky rhel centos fedora',
    osName: 'Rocky "Linux" 9.3',
    kernel: '5.14.0',
    bootTimeSeconds: 1_700_000_000,
    chronyVersion: '4.6.1',
  });
});

describe('facts', () => {
  const bootId = '/proc/sys/kernel/random/boot_id:b00t\n';

  test('of nothing are null', () => {
    const facts = factsOfReport(parseReport('', marker), null, null);
    expect(Object.values({ ...facts, raw: null }).every((fact) => fact === null)).toBe(true);
  });

  test('a step clock needs a boot id and keeps its two methods apart', () => {
    const stepClock = (line: string, files = bootId) =>
      factsOfReport(parseReport(section('clock', line, 1) + section('files', files), marker), null, null)
        .stepClock;
    expect(stepClock('clock perl\nstep mono 1000 1700000000000001500 2000\n')).toEqual({
      realtimeMinusMonotonic: 1_700_000_000_000_000_000n,
      boundSeconds: expect.closeTo(5.01e-7, 12),
      bootId: 'b00t',
    });
    const coarse = stepClock('step boot 100.25 1700000000.000000000 100.26\n');
    expect(coarse?.bootId).toBe('b00t since boot');
    expect(coarse?.boundSeconds).toBeCloseTo(0.01, 6);
    expect(Number(coarse?.realtimeMinusMonotonic) / 1e9).toBeCloseTo(1_699_999_899.74, 5);
    expect(stepClock('step mono 1000 1700000000000001500 2000\n', 'x')).toBeNull();
    expect(stepClock('step mono 1000 99999999999999999999999 2000\n')).toBeNull();
    expect(stepClock('step boot . . .\n')).toBeNull();
  });

  test('files are taken from the places that time daemons read, and no content poses as another file', () => {
    const files = [
      '/etc/chrony/chrony.conf:server a iburst',
      '/etc/chrony/chrony.conf:/etc/ntp.conf:server evil',
      '/etc/chrony/conf.d/x.conf:allow',
      '/etc/chrony/conf.d/../../shadow:root',
      '/etc/shadow:root:*:',
    ].join('\n');
    expect(factsOfReport(parseReport(section('files', files), marker), null, null).configFiles).toEqual([
      {
        path: '/etc/chrony/chrony.conf',
        content: 'server a iburst\n/etc/ntp.conf:server evil\n',
        truncated: false,
      },
      { path: '/etc/chrony/conf.d/x.conf', content: 'allow\n', truncated: false },
    ]);
  });

  test('a long file is cut and says so', () => {
    const files = `/etc/ntp.conf:${'#'.repeat(70_000)}\n`;
    const [file] = factsOfReport(parseReport(section('files', files), marker), null, null).configFiles ?? [];
    expect([file?.truncated, file?.content.length]).toEqual([true, 65_536]);
  });

  test('a password of ntpd’s autokey is not passed on, whatever stands around it', () => {
    const lines = ['crypto pw s3cret', ' crypto host h pw s3cret randfile /r', '# pw stays', 'server pw'];
    const files = `${lines.map((line) => `/etc/ntp.conf:${line}`).join('\n')}\n`;
    const report = parseReport(section('files', files), marker);
    const content = factsOfReport(report, null, null).configFiles?.[0]?.content;
    expect(content).toBe('crypto pw ******\n crypto host h pw ****** randfile /r\n# pw stays\nserver pw\n');
  });
});

test('no file with keys is ever read', () => {
  expect(configFileGlobs.filter((glob) => /key|secret|shadow/.test(glob))).toEqual([]);
});
