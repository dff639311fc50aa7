import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Explanation, explainChrony, explainText, gravest } from './index.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures', import.meta.url));

function captured(file: string): string {
  return readFileSync(`${fixtures}/${file}`, 'utf8');
}

function codes(explanation: Explanation): string[] {
  return explanation.conclusions.map(({ code }) => code);
}

function kinds(explanation: Explanation): string[] {
  return explanation.sections.map(({ kind }) => kind);
}

const reports = [
  ...globSync('chrony-4.3/**/*.txt', { cwd: fixtures }),
  ...globSync('chrony-3/*.txt', { cwd: fixtures }),
  ...globSync('systemd-*/**/*.txt', { cwd: fixtures }),
  ...globSync('adjtimex/*.txt', { cwd: fixtures }),
  ...globSync('ntpsec-1.2.2/ntp{q-p*,date*}.txt', { cwd: fixtures }),
].filter((file) => !file.includes('serverstats-c'));

/** With -c a chronyd without sources prints nothing. */
const empty = reports.filter((file) => captured(file).trim() === '');

describe('every capture', () => {
  it.each(reports.filter((file) => !empty.includes(file)))(
    '%s is understood to the last line, in both languages',
    (file) => {
      const explanation = explainText(captured(file));
      expect(explanation.notUnderstood).toEqual([]);
      expect(explanation.sections.length).toBe(1);
      for (const section of explanation.sections) {
        for (const one of [...section.values, ...section.rows.flatMap(({ values }) => values)]) {
          expect(one.meaning.en).toMatch(/[.]$/);
          expect(one.meaning['zh-CN']).toMatch(/\p{Script=Han}/u);
          expect(one.meaning['zh-CN']).toMatch(/。$/);
          expect(`${one.meaning.en}${one.meaning['zh-CN']}${one.shown}`).not.toMatch(
            /undefined|NaN|null|Infinity/,
          );
        }
      }
    },
  );
});

describe('conclusions', () => {
  const situations: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['never-synchronised', ['never-synchronized', 'nobody-answers'], ['synchronized']],
    ['no-majority', ['no-majority'], ['synchronized', 'falseticker']],
    ['local', ['free-running'], ['synchronized', 'too-few-sources']],
    ['ahead', ['large-offset-slewing', 'synchronized', 'too-few-sources'], ['no-majority']],
    ['behind', ['large-offset-slewing', 'synchronized'], []],
    ['far-and-variable', ['poor-path', 'synchronized'], ['nobody-answers']],
    [
      'mixed',
      ['source-silent', 'names-unresolved', 'sources-offline', 'falseticker', 'synchronized'],
      ['no-majority'],
    ],
    ['no-sources', ['never-synchronized', 'no-sources'], ['synchronized']],
  ];

  it.each(situations)('of chronyc in the situation %s', (situation, wanted, unwanted) => {
    const text = ['tracking', 'sources', 'sourcestats', 'activity']
      .map((report) => captured(`chrony-4.3/${situation}/${report}.txt`))
      .join('\n');
    const found = codes(explainText(text));
    expect(found).toEqual(expect.arrayContaining([...wanted]));
    for (const code of unwanted) expect(found).not.toContain(code);
  });

  it('come in the order in which an expert looks', () => {
    const text = ['tracking', 'sources']
      .map((one) => captured(`chrony-4.3/never-synchronised/${one}.txt`))
      .join('');
    expect(codes(explainText(text))).toEqual(['never-synchronized', 'nobody-answers']);
  });

  it('send nobody to the unit or the file of another distribution', () => {
    const commandsOf = (text: string) =>
      explainText(text).conclusions[0]?.commands.map(({ command }) => command) ?? [];
    const unreached = commandsOf('506 Cannot talk to daemon');
    for (const start of [
      'systemctl status chronyd',
      'systemctl status chrony',
      'rc-service chronyd status',
    ]) {
      expect(unreached).toContain(start);
    }
    expect(unreached.filter((command) => /journalctl|messages/.test(command))).toHaveLength(3);
    const rtcsync = captured('adjtimex/adjtimex-print.txt').replace('maxerror: 16000000', 'maxerror: 21000');
    expect(commandsOf(rtcsync).map((command) => command.split(' ').at(-1))).toEqual([
      '/etc/chrony.conf',
      '/etc/chrony/chrony.conf',
    ]);
  });

  it('see chronyd and the kernel together: rtcsync is missing', () => {
    const text =
      captured('chrony-4.3/far-and-variable/tracking.txt') + captured('adjtimex/adjtimex-print.txt');
    expect(codes(explainText(text))).toEqual(['rtcsync-missing', 'synchronized']);
    const smallError = captured('adjtimex/adjtimex-print.txt').replace(
      'maxerror: 16000000',
      'maxerror: 21000',
    );
    expect(codes(explainText(smallError))).toEqual(['rtcsync-missing']);
    expect(codes(explainText(captured('adjtimex/ntptime.txt')))).toEqual(['kernel-unsynchronized']);
  });

  it('keep two machines in one paste apart', () => {
    const text =
      captured('chrony-4.3/ahead/tracking.txt') + captured('chrony-4.3/never-synchronised/tracking.txt');
    expect(codes(explainText(text))).toEqual(['large-offset-slewing', 'synchronized', 'never-synchronized']);
  });

  it('of timedatectl, timesyncd, ntpq and ntpdate', () => {
    expect(codes(explainText(captured('systemd-219/timedatectl.txt')))).toEqual(['kernel-synchronized']);
    expect(codes(explainText(captured('systemd-252/silent/timedatectl-timesync-status.txt')))).toEqual([
      'timesync-no-answer',
    ]);
    expect(codes(explainText(captured('systemd-252/follows/timedatectl-timesync-status.txt')))).toEqual([
      'timesync-follows',
    ]);
    expect(codes(explainText(captured('ntpsec-1.2.2/ntpq-p.txt')))).toEqual([
      'ntpd-falseticker',
      'ntpd-follows',
    ]);
    expect(codes(explainText(captured('ntpsec-1.2.2/ntpdate-q-silent.txt')))).toEqual(['ntpdate-no-server']);
    const zone = 'System clock synchronized: no\n NTP service: inactive\n RTC in local TZ: yes\n';
    expect(codes(explainText(zone))).toEqual(['no-time-service', 'rtc-in-local-time']);
  });

  it('know a dead source that still has its star, and samples that are rejected', () => {
    const row = (mark: string, reach: string, age: string): string =>
      `${mark} 10.0.0.1   2   6   ${reach}   ${age}  +147us[ +250us] +/-   15ms`;
    expect(codes(explainText(row('^*', '0', '46m')))).toContain('selected-source-dead');
    expect(codes(explainText(row('^*', '377', '46m')))).toContain('samples-rejected');
    expect(codes(explainText(row('^*', '377', '46')))).not.toContain('samples-rejected');
  });

  it('know what chronyc says when it cannot', () => {
    expect(codes(explainText('506 Cannot talk to daemon'))).toEqual(['chronyd-not-reached']);
    expect(codes(explainText('501 Not authorised'))).toEqual(['chronyc-not-authorised']);
  });
});

describe('a paste as people make it', () => {
  it('has prompts, indentation, Windows line ends and several outputs', () => {
    const paste = [
      '[root@cp-1 ~]# chronyc tracking',
      captured('chrony-4.3/ahead/tracking.txt').trimEnd(),
      '[root@cp-1 ~]# chronyc sources -v',
      captured('chrony-3/sources-v.txt').trimEnd(),
      'root@cp-1:~# timedatectl',
      captured('systemd-24x/timedatectl.txt').trimEnd(),
      '$ sudo ntpq -pn',
      captured('ntpsec-1.2.2/ntpq-pn.txt').trimEnd(),
      'root@cp-1:~#',
    ]
      .join('\n')
      .split('\n')
      .map((line) => `   ${line}`)
      .join('\r\n');
    const explanation = explainText(paste);
    expect(kinds(explanation)).toEqual(['chrony-tracking', 'chrony-sources', 'timedatectl', 'ntpq-peers']);
    expect(explanation.notUnderstood).toEqual([]);
    expect(explanation.sections.map(({ rows }) => rows.length)).toEqual([0, 5, 0, 6]);
    expect(explanation.sections[0]?.lines).toEqual({ first: 2, last: 14 });
  });

  it('may be half of an output: what is there is explained, what is not known is named', () => {
    const explanation = explainText(
      'Root delay      : 0.013639022 seconds\nSkew            : 0.129 ppm\nhello world\n',
    );
    expect(explanation.sections[0]?.values.map(({ label }) => label)).toEqual(['Skew', 'Root delay']);
    expect(explanation.notUnderstood).toEqual([{ line: 3, text: 'hello world' }]);
  });

  it('tells serverstats from activity by the command before it', () => {
    expect(kinds(explainText('$ chronyc -c serverstats\n1,2,3,4,5\n'))).toEqual(['chrony-serverstats']);
    expect(kinds(explainText('$ chronyc -c activity\n1,0,0,0,0\n'))).toEqual(['chrony-activity']);
  });

  it('reads timedatectl of a Chinese locale with its daylight saving and RTC warnings', () => {
    const text = [
      '               Local time: 四 2026-05-14 19:44:53 CST',
      '           Universal time: 四 2026-05-14 11:44:53 UTC',
      '                 RTC time: 四 2026-05-14 19:44:53',
      '                Time zone: Asia/Shanghai (CST, +0800)',
      'System clock synchronized: yes',
      '              NTP service: active',
      '          RTC in local TZ: yes',
      '               DST active: no',
      '          Last DST change: DST ended at',
      '                           Sun 2018-10-28 02:59:59 CEST',
      '                           Sun 2018-10-28 02:00:00 CET',
      '',
      'Warning: The system is configured to read the RTC time in the local time zone.',
      '         This mode cannot be fully supported. It will create various problems',
      '         with time zone changes and daylight saving time adjustments. The RTC',
      '         time is never updated, it relies on external facilities to maintain it.',
      '         If at all possible, use RTC in UTC by calling',
      "         'timedatectl set-local-rtc 0'.",
    ].join('\n');
    const explanation = explainText(text);
    expect(explanation.notUnderstood).toEqual([]);
    expect(codes(explanation)).toEqual(['rtc-in-local-time', 'kernel-synchronized']);
  });

  it('of something else is not understood', () => {
    for (const text of [
      '',
      '\n\n',
      'NAME STATUS\nnode1 Ready\n',
      'status: Running\noffset: 3\n',
      'lorem: ipsum',
    ]) {
      expect(explainText(text).sections).toEqual([]);
    }
  });

  it('of any text, cut and shuffled, never throws', () => {
    const lines = reports.flatMap((file) => captured(file).split('\n'));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...lines), fc.string({ maxLength: 60 })), { maxLength: 40 }),
        (chosen) => {
          const { sections, notUnderstood } = explainText(chosen.join('\n'));
          expect(sections.length + notUnderstood.length).toBeLessThanOrEqual(chosen.length * 2);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a state read over UDP', () => {
  it('is explained like a paste; what is missing is left out', () => {
    const explanation = explainChrony({
      tracking: null,
      sources: [
        {
          name: 'ntp.invalid',
          address: 'ID#0000000001',
          mode: 'server',
          state: 'unusable',
          stratum: 0,
          poll: 6,
          reach: 0,
          lastSampleAgeSeconds: null,
          adjustedOffsetSeconds: 0,
          measuredOffsetSeconds: 0,
          errorSeconds: 0,
        },
      ],
      sourceStats: null,
      activity: null,
    });
    expect(kinds(explanation)).toEqual(['chrony-sources']);
    expect(codes(explanation)).toEqual(['names-unresolved']);
    expect(gravest(explanation.conclusions)).toBe('attention');
    const reach = explanation.sections[0]?.rows[0]?.values.find(({ label }) => label === 'Reach');
    expect(reach?.polls).toEqual([false, false, false, false, false, false, false, false]);
  });
});
