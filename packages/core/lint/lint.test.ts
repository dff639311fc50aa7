import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DaemonFile, isDaemonFile, lintRules, lintSubjects, lintText, mendText } from './index.ts';

const context = { chronyVersion: [4, 3], whole: true };
const fileRules = lintRules.flatMap((rule) => {
  const { subject } = rule;
  return isDaemonFile(subject) ? [{ ...rule, subject }] : [];
});

function codes(content: string, subject: DaemonFile, whole = true): readonly string[] {
  return lintText(content, subject, { ...context, whole }).map(({ rule }) => rule.code);
}

describe('the rules', () => {
  it('are many, each with a code of its own that starts with its subject', () => {
    expect(lintRules.length).toBeGreaterThanOrEqual(60);
    expect(new Set(lintRules.map(({ code }) => code)).size).toBe(lintRules.length);
    const prefixes = {
      'chrony.conf': 'chrony-',
      'timesyncd.conf': 'timesyncd-',
      'ntp.conf': 'ntp-',
      'prometheus-rules': 'prometheus-',
      'clockwarden.yaml': 'config-',
    } as const;
    for (const { code, subject } of lintRules)
      expect(code).toMatch(new RegExp(`^${prefixes[subject]}[a-z-]+$`));
    expect(new Set(lintRules.map(({ subject }) => subject))).toEqual(new Set(lintSubjects));
  });

  it.each(lintRules.map((rule) => [rule.code, rule] as const))('%s speaks both languages', (_, rule) => {
    for (const words of [rule.title, rule.why, rule.fix]) {
      expect(words.en).toMatch(/[a-z]{3}/);
      expect(words['zh-CN']).toMatch(/\p{Script=Han}/u);
    }
  });

  describe.each(fileRules.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
    it('finds its mistake, on a line that is there, and not in the mended file', () => {
      const { places } = rule;
      const inPlace = (place = places?.bad) => ({ ...context, ...(place === undefined ? {} : { place }) });
      const found = lintText(rule.bad, rule.subject, inPlace()).filter((result) => result.rule.code === code);
      expect(found.length).toBeGreaterThan(0);
      for (const { line } of found) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(rule.bad.split('\n').length);
      }
      const left = lintText(rule.good, rule.subject, inPlace(places?.good));
      expect(left.map((result) => result.rule.code)).not.toContain(code);
    });

    it('what can be mended safely is mended', () => {
      const found = lintText(rule.bad, rule.subject, context);
      if (!found.some((result) => result.rule.code === code && result.edits !== undefined)) return;
      const mended = mendText(rule.bad, rule.subject, context);
      expect(codes(mended, rule.subject)).not.toContain(code);
      expect(mendText(mended, rule.subject, context)).toBe(mended);
    });
  });
});

describe('files as distributions ship them have no finding', () => {
  const debianRest = [
    'keyfile /etc/chrony/chrony.keys',
    'driftfile /var/lib/chrony/chrony.drift',
    'ntsdumpdir /var/lib/chrony',
    '#log tracking measurements statistics',
    'logdir /var/log/chrony',
    'maxupdateskew 100.0',
    'rtcsync',
    'makestep 1 3',
    'leapsectz right/UTC',
  ];
  const rhelRest = [
    'driftfile /var/lib/chrony/drift',
    'makestep 1.0 3',
    'rtcsync',
    'keyfile /etc/chrony.keys',
  ];
  const pools = (zone: string): readonly string[] =>
    [0, 1, 2, 3].map((number) => `${number}.${zone}.pool.ntp.org`);

  it.each<readonly [string, DaemonFile, readonly string[]]>([
    [
      'Debian 12',
      'chrony.conf',
      [
        'confdir /etc/chrony/conf.d',
        'pool 2.debian.pool.ntp.org iburst',
        'sourcedir /run/chrony-dhcp',
        ...debianRest,
      ],
    ],
    [
      'Debian 10',
      'chrony.conf',
      ['pool 2.debian.pool.ntp.org iburst', ...debianRest.filter((line) => !line.startsWith('nts'))],
    ],
    [
      'Ubuntu 24.04',
      'chrony.conf',
      [
        'confdir /etc/chrony/conf.d',
        'pool ntp.ubuntu.com        iburst maxsources 4',
        'pool 0.ubuntu.pool.ntp.org iburst maxsources 1',
        'pool 1.ubuntu.pool.ntp.org iburst maxsources 1',
        'pool 2.ubuntu.pool.ntp.org iburst maxsources 2',
        'sourcedir /run/chrony-dhcp',
        ...debianRest,
      ],
    ],
    [
      'RHEL 9',
      'chrony.conf',
      [
        'pool 2.rhel.pool.ntp.org iburst',
        'sourcedir /run/chrony-dhcp',
        ...rhelRest,
        'ntsdumpdir /var/lib/chrony',
        'logdir /var/log/chrony',
      ],
    ],
    [
      'RHEL 8',
      'chrony.conf',
      ['pool 2.rhel.pool.ntp.org iburst', ...rhelRest, 'leapsectz right/UTC', 'logdir /var/log/chrony'],
    ],
    [
      'RHEL 7',
      'chrony.conf',
      [
        ...pools('rhel').map((name) => `server ${name} iburst`),
        'driftfile /var/lib/chrony/drift',
        'makestep 1.0 3',
        'rtcsync',
        'logdir /var/log/chrony',
      ],
    ],
    [
      'Debian and Ubuntu',
      'timesyncd.conf',
      ['[Time]', '#NTP=', '#FallbackNTP=ntp.ubuntu.com', '#RootDistanceMaxSec=5'],
    ],
    [
      'Debian 12',
      'ntp.conf',
      [
        'driftfile /var/lib/ntpsec/ntp.drift',
        'leapfile /usr/share/zoneinfo/leap-seconds.list',
        'tos maxclock 11',
        'tos minclock 4 minsane 3',
        ...pools('debian').map((name) => `pool ${name} iburst`),
        'restrict default kod nomodify nopeer noquery limited',
        'restrict 127.0.0.1',
        'restrict ::1',
      ],
    ],
    [
      'RHEL 7',
      'ntp.conf',
      [
        'driftfile /var/lib/ntp/drift',
        'restrict default nomodify notrap nopeer noquery',
        'restrict 127.0.0.1 ',
        'restrict ::1',
        ...pools('rhel').map((name) => `server ${name} iburst`),
        'includefile /etc/ntp/crypto/pw',
        'keys /etc/ntp/keys',
        'disable monitor',
      ],
    ],
  ])('%s %s', (_, subject, lines) => {
    expect(codes(`# default\n\n${lines.join('\n')}\n`, subject)).toEqual([]);
  });

  it('a drop-in is not blamed for what the main file has', () => {
    expect(codes('server 10.0.0.1 iburst\n', 'chrony.conf', false)).toEqual([]);
    expect(codes('[Time]\nFallbackNTP=\n', 'timesyncd.conf', false)).toEqual([]);
    expect(codes('server 10.0.0.1 iburst\n', 'ntp.conf', false)).toEqual([]);
  });
});

describe('details', () => {
  it('`deny all` before the first `allow` does no harm', () => {
    expect(codes('deny all\nallow 10.0.0.0/8\n', 'chrony.conf', false)).toEqual([]);
  });

  it("the distribution's servers are no mistake on a server, behind preferred ones, or where they were asked for", () => {
    const found = (...lines: readonly string[]): readonly string[] =>
      codes(`${lines.join('\n')}\n`, 'chrony.conf', false);
    const pool = 'pool ntp.ubuntu.com iburst';
    const own = 'server 192.168.1.10 iburst';
    expect(found(pool, own)).toEqual(['chrony-distribution-pool']);
    expect(found(pool, own, 'allow 192.168.0.0/16')).toEqual([]);
    expect(found(pool, `${own} prefer`)).toEqual([]);
    expect(found(pool, 'server 203.0.113.9 iburst')).toEqual([]);
    expect(found('pool cn.pool.ntp.org iburst', own)).toEqual([]);
    expect(found('# Written by Clockwarden from clockwarden.yaml.', pool, own)).toEqual([]);
  });

  it('a misspelt word is named with the right one', () => {
    const [found] = lintText('makestp 1 3\n', 'chrony.conf', { ...context, whole: false });
    expect(found?.detail?.en).toBe('`makestp`: is `makestep` meant?');
  });

  it('says nothing of versions that it was not told', () => {
    const found = lintText('opencommands\n', 'chrony.conf', { chronyVersion: null, whole: false });
    expect(found).toEqual([]);
    expect(codes('local stratum 10 activate 0.1\n', 'chrony.conf', false)).toContain(
      'chrony-newer-directive',
    );
    expect(codes('server a iburst maxunreach 10\n', 'chrony.conf', false)).toEqual([
      'chrony-newer-directive',
    ]);
  });

  it('believes a file of ours that says for which chronyd it was written, unless it was told better', () => {
    const content = [
      '# Written by Clockwarden from clockwarden.yaml for chronyd 2.2.',
      'server 10.2.0.2 iburst',
      'server 10.2.0.3 iburst',
      'allow 10.2.0.0/16',
      'local stratum 10',
      'driftfile /d',
      'makestep 1.0 3',
      'rtcsync',
    ].join('\n');
    const found = (file: string, chronyVersion: readonly number[] | null) =>
      lintText(file, 'chrony.conf', { chronyVersion, whole: true }).map(({ rule }) => rule.code);
    expect(found(content, null)).toEqual([]);
    expect(found(`${content}\nbinddevice eth0`, null)).toEqual(['chrony-newer-directive']);
    const upgraded = ['chrony-two-sources', 'chrony-local-without-orphan'];
    expect(found(content, [4, 3])).toEqual(upgraded);
    expect(found(content.replace(' for chronyd 2.2', ''), null)).toEqual(upgraded);
  });

  it('knows what a confdir draws in, once it was read', () => {
    const servers = [1, 2, 3].map((number) => `server 192.0.2.${number} iburst\n`).join('');
    const main = `confdir /etc/chrony/conf.d\n${servers}driftfile /d\nmakestep 1 3\n`;
    const found = (drawnIn?: readonly string[]) =>
      lintText(main, 'chrony.conf', { ...context, ...(drawnIn === undefined ? {} : { drawnIn }) });
    expect(found()).toEqual([]);
    expect(found(['# nothing\n', 'rtcsync\n'])).toEqual([]);
    expect(found([]).map(({ rule }) => rule.code)).toEqual(['chrony-no-rtcsync']);
    const two = lintText(
      'confdir /c\nserver 192.0.2.1 iburst\ndriftfile /d\nmakestep 1 3\nrtcsync\n',
      'chrony.conf',
      {
        ...context,
        drawnIn: ['server 192.0.2.2 iburst\n'],
      },
    );
    expect(two).toEqual([]);
  });

  it('leaves out what an older chronyd does not have', () => {
    const content = 'server a iburst trust\n';
    const found = (chronyVersion: readonly number[]) =>
      lintText(content, 'chrony.conf', { chronyVersion, whole: false }).map(({ rule }) => rule.code);
    expect(found([4, 3])).toEqual(['chrony-trust']);
    expect(found([2, 1])).toEqual([]);
  });

  it('mends a file and leaves every other byte alone', () => {
    const bad = '! ours\r\nserver 10.0.0.1   # first\r\nallow 10.0.0.0/8\r\n\tdeny all\r\ndumponexit\r\n';
    expect(mendText(bad, 'chrony.conf', { ...context, whole: false })).toBe(
      '! ours\r\n# first\r\nserver 10.0.0.1 iburst\r\nallow 10.0.0.0/8\r\n',
    );
  });

  it('knows no directive in any file of nonsense that it could not place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.constantFrom(...fileRules),
        (lines, { subject }) => {
          const content = lines.join('\n');
          const count = content.split(/\r?\n/).length;
          for (const { line } of lintText(content, subject, context)) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(count);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
