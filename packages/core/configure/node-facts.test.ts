/** What the machine of a node tells, and what follows from it: files that its chronyd knows, warnings, refusals. */
import { runningUnit as on, testDesign, testFacts, testMachine } from '@clockwarden/testkit/configure';
import { testNode } from '@clockwarden/testkit/policy';
import { describe, expect, test } from 'vitest';
import { parseReport } from '../node-report/index.ts';
import { defaultTimesync, type PtpConfig, type TimesyncConfig } from '../policy/index.ts';
import { toBase64 } from './base64.ts';
import { chronyVersionOf } from './chrony-version.ts';
import type { NodeDesign } from './design.ts';
import type { ConfigureFacts, FileState, MachineFacts } from './facts.ts';
import { machineOf } from './facts-machine.ts';
import { clockUnits, filesOf, planWarnings, ptpProblems } from './index.ts';
import { keyFileProblem } from './render/chrony-keys.ts';
import { ptpNeeds } from './render/ptp.ts';

const client = testDesign({
  node: testNode('w-1', { address: '10.2.0.11' }),
  upstreams: ['a.ntp'],
  servers: ['10.2.0.1', '10.2.0.2', '10.2.0.3'],
  minSources: 2,
});
const server: NodeDesign = { ...client, part: 'server', allow: ['10.2.0.0/16'], orphan: true };
const ptp: PtpConfig = { interfaces: ['eth0'], domain: 24, transport: 'L2', program: 'ptp4l' };

const machine: MachineFacts = testMachine({ programs: ['chronyd'] });

const facts = testFacts({
  packages: {
    chrony: { installed: '4.3-2+deb12u1', candidate: '4.3-2+deb12u1' },
    linuxptp: { installed: null, candidate: '3.1.1-4' },
  },
  machine,
});

const having = (changes: Partial<MachineFacts>): ConfigureFacts => ({
  ...facts,
  machine: { ...machine, ...changes },
});
const withChrony = (installed: string): ConfigureFacts => ({
  ...facts,
  packages: { ...facts.packages, chrony: { installed, candidate: null } },
});
const lines = (
  design: NodeDesign,
  of: ConfigureFacts | null,
  timesync: Partial<TimesyncConfig> = {},
): readonly string[] =>
  filesOf(design, { ...defaultTimesync, ...timesync }, 'debian', of)
    .filter(({ path }) => path === '/etc/chrony/chrony.conf')
    .flatMap(({ content }) => content.split('\n').filter((line) => !/^(#|$)/.test(line)));
const say = (design: NodeDesign, of: ConfigureFacts, timesync: Partial<TimesyncConfig> = {}): string =>
  planWarnings(design, { ...defaultTimesync, ...timesync }, of)
    .map(({ severity, text }) => `${severity}: ${text.en}`)
    .join('\n');

function fileOf(content: string): FileState {
  return { kind: 'file', content: toBase64(content), mode: 0o644, owner: 'root', group: 'root' };
}

describe('the machine of a node', () => {
  const printed = (output: string, others = ''): MachineFacts | null =>
    machineOf(
      parseReport(
        `\n=1 machine\n${output}\n=1 =0\n\n=1 other-sources\n${others}\n=1 =0\n\n=1 processes\nsystemd\nphc2sys\nVBoxService\n\n=1 =0\n`,
        '=1',
      ),
    );

  test('is what was printed', () => {
    expect(
      printed(
        'clock /sys/class/net/eth0/device/ptp/ptp1\nclock /sys/class/net/eno1np0/device/ptp/ptp0\nhost /dev/ptp_kvm\nleap list\nvmware Enabled\n',
        'file /run/chrony-dhcp/eth0.sources\nline # DHCP\nline server 10.0.0.1 iburst\nfile /run/systemd/netif/state\nline OPER_STATE=routable\nline NTP=10.0.0.2\nfile /etc/chrony/conf.d/log.conf\nline log tracking\nfile /var/lib/dhclient/chrony.servers.eth0\nline 10.0.0.3 iburst\n',
      ),
    ).toEqual({
      hardwareClocks: { eth0: '/dev/ptp1', eno1np0: '/dev/ptp0' },
      hostClock: '/dev/ptp_kvm',
      container: null,
      programs: ['VBoxService', 'phc2sys'],
      vmwareTimesync: true,
      leapSeconds: { rightUtc: false, list: true },
      otherSources: {
        '/run/chrony-dhcp/eth0.sources': ['server 10.0.0.1 iburst'],
        '/run/systemd/netif/state': ['NTP=10.0.0.2'],
        '/var/lib/dhclient/chrony.servers.eth0': ['server 10.0.0.3 iburst'],
      },
    });
  });

  test('cannot name a clock that is none', () => {
    expect(printed('clock /sys/class/net/eth0/device/ptp/../../etc\nclock x\n')?.hardwareClocks).toEqual({});
  });

  test('is not known where it was not asked', () => {
    expect(machineOf(new Map())).toBeNull();
  });
});

describe('the version of chronyd', () => {
  test.each([
    ['4.3-2+deb12u1', [4, 3]],
    ['3.4-1.el7', [3, 4]],
    ['1:4.6.1-1', [4, 6, 1]],
    ['', null],
    ['next', null],
  ] as const)('of the package %s', (installed, version) => {
    expect(chronyVersionOf(withChrony(installed))).toEqual(version);
  });

  test('decides what is written: 2.2 knows neither time stamps nor orphans', () => {
    const timesync = { hwtimestamp: ['eth0'] };
    expect(lines(server, withChrony('2.2-1'), timesync)).toContain('local stratum 10');
    expect(lines(server, withChrony('2.2-1'), timesync)).not.toContain('hwtimestamp eth0');
    expect(lines(server, withChrony('3.4-1'), timesync)).toContain('local stratum 10 orphan');
    expect(lines(server, withChrony('3.4-1'), timesync)).toContain('hwtimestamp eth0');
    expect(lines(server, null, timesync)).toContain('hwtimestamp eth0');
  });

  test('is named in a file that lacks something for its sake, and in no other', () => {
    const header = (design: NodeDesign, version: string): string | undefined =>
      filesOf(design, defaultTimesync, 'debian', withChrony(version))[0]?.content.split('\n')[0];
    expect(header(server, '2.2-1')).toBe('# Written by Clockwarden from clockwarden.yaml for chronyd 2.2.');
    expect(header(client, '2.2-1')).toBe('# Written by Clockwarden from clockwarden.yaml.');
    expect(header(server, '3.4-1')).toBe('# Written by Clockwarden from clockwarden.yaml.');
  });

  test('3.4 is old, and a refusal where NTS is wanted: nobody is left unauthenticated in silence', () => {
    expect(say(client, withChrony('3.4-1.el7'))).toMatch(/^warning: chronyd 3\.4 is old/);
    expect(say(client, withChrony('3.4-1.el7'), { nts: true })).toMatch(/^error: `nts` is asked for/);
    expect(say(client, withChrony('4.0-1'), { nts: true })).toBe('');
    // Nobody outside is asked, so nobody is left unauthenticated; and timesyncd has no version of chrony's.
    expect(say({ ...client, upstreams: [] }, withChrony('3.4-1'), { nts: true })).toMatch(/^warning: /);
    expect(say({ ...client, daemon: 'systemd-timesyncd' }, withChrony('3.4-1'))).toBe('');
  });
});

describe('warnings', () => {
  test('there are none on a plain machine, nor on one that is adopted', () => {
    expect(say(client, facts)).toBe('');
    expect(say({ ...client, adopted: true }, having({ container: 'docker', vmwareTimesync: true }))).toBe('');
  });

  test.each([
    [{ container: 'docker' }, /container \(docker\): its clock is the host's/],
    [{ vmwareTimesync: true }, /vmware-toolbox-cmd timesync disable/],
    [{ programs: ['VBoxService', 'chronyd'] }, /--disable-timesync/],
    [{ programs: ['chronyd', 'qemu-ga'] }, /guest-set-time/],
    [{ hostClock: '/dev/ptp_hyperv' }, /PHC \/dev\/ptp_hyperv poll 3 dpoll -2 offset 0 stratum 2/],
    [{ programs: ['chronyd', 'ntpd'] }, /ntpd runs, and no unit of systemd owns it/],
  ] as const)('%j', (changes, message) => {
    expect(say(client, having(changes))).toMatch(message);
  });

  test.each([
    [{ vmwareTimesync: false }, { 'chrony.service': on }],
    [{ programs: ['chronyd'] }, { 'chronyd.service': on }],
    [{ programs: ['chronyd', 'timemaster'] }, { 'timemaster.service': on }],
    [{ programs: ['ntpd'] }, { 'ntpsec.service': on }],
    [{ programs: ['ntpd'] }, { 'openntpd.service': on }],
    [{ programs: ['ntpd'] }, { 'ntpd.service': on }],
    [{ programs: ['systemd-timesyn'] }, { 'systemd-timesyncd.service': on }],
  ] as const)('%j under %j is in order', (changes, units) => {
    expect(say(client, { ...having(changes), units })).toBe('');
  });

  test('a timesyncd that no unit owns is one too many as well', () => {
    expect(say(client, having({ programs: ['systemd-timesyn'] }))).toMatch(/^warning: systemd-timesyn runs/);
  });

  test('a clock of the host that is read already needs none', () => {
    const refclocks = ['PHC /dev/ptp_kvm poll 2'];
    expect(say({ ...client, refclocks }, having({ hostClock: '/dev/ptp_kvm' }))).toBe('');
  });

  test('sources that were drawn in are named before they are lost, and not any more after', () => {
    const otherSources = { '/run/chrony-dhcp/eth0.sources': ['server 10.0.0.1 iburst'] };
    const present = (content: string): ConfigureFacts => ({
      ...having({ otherSources }),
      files: {
        '/etc/chrony/chrony.conf': fileOf(content),
      },
    });
    expect(say(client, present('sourcedir /run/chrony-dhcp\n'))).toMatch(
      /eth0\.sources: server 10\.0\.0\.1 iburst/,
    );
    for (const line of ['confdir /etc/chrony/conf.d', 'include /etc/chrony/conf.d/*.conf'])
      expect(say(client, present(`${line}\n`))).toMatch(/draws in no other files/);
    expect(say(client, { ...present('confdir /etc/chrony/conf.d\n'), machine })).toBe('');
    expect(say(client, present('server 10.2.0.1 iburst\n'))).toBe('');
    expect(say(client, present('local stratum 8\n'))).toMatch(/This client has `local`/);
    expect(say(server, present('local stratum 10 orphan\n'))).toBe('');
  });

  test('a helper of chrony 3 adds the servers of DHCP to whatever the file says', () => {
    const otherSources = { '/var/lib/dhclient/chrony.servers.eth0': ['server 10.0.0.1 iburst'] };
    const old = { ...having({ otherSources }), packages: withChrony('3.4-1.el7').packages };
    expect(say(client, old)).toMatch(/PEERNTP=no/);
    const both = { ...otherSources, '/etc/chrony.d/site.conf': ['server 10.0.0.9'] };
    const rhel7 = {
      ...old,
      ...having({ otherSources: both }),
      packages: old.packages,
      files: { '/etc/chrony.conf': fileOf('include /etc/chrony.d/*.conf\n') },
    };
    expect(say(client, rhel7)).toMatch(/PEERNTP=no.*\nwarning: .*site\.conf: server 10\.0\.0\.9/);
    expect(say(client, having({ otherSources }))).toBe('');
  });

  test('timesyncd asks the servers of DHCP besides its own', () => {
    const otherSources = { '/run/systemd/netif/state': ['NTP=10.0.0.2'] };
    expect(say({ ...client, daemon: 'systemd-timesyncd' }, having({ otherSources }))).toMatch(/UseNTP=no/);
    expect(say({ ...client, daemon: 'systemd-timesyncd' }, facts)).toBe('');
    expect(say(client, having({ otherSources }))).toBe('');
  });
});

describe('PTP', () => {
  const wanting = { ...server, ptp };
  const problems = (design: NodeDesign, of: ConfigureFacts): string =>
    ptpProblems(design, of)
      .map(({ severity, text }) => `${severity}: ${text.en}`)
      .join('\n');

  test('is refused without a hardware clock, and those that are there are named', () => {
    expect(problems(wanting, facts)).toMatch(/^error: .* eth0 has none; no interface of this node has one/);
    expect(problems(wanting, having({ hardwareClocks: { eth1: '/dev/ptp0' } }))).toMatch(
      /these have one: eth1/,
    );
    expect(problems(wanting, having({ hardwareClocks: { eth0: '/dev/ptp0' } }))).toBe('');
  });

  test('is refused where linuxptp cannot be had', () => {
    const without = { ...having({ hardwareClocks: { eth0: '/dev/ptp0' } }), packages: {} };
    expect(problems(wanting, without)).toMatch(/^error: PTP needs the package linuxptp/);
  });

  test.each([
    [client, ['phc2sys', 'ptp4l'], /^error: phc2sys runs, .* it sets the system clock/],
    [client, ['phc2sys', 'ptp4l', 'timemaster'], /^error: timemaster runs/],
    [client, ['ptp4l'], /^warning: ptp4l runs/],
    [wanting, ['phc2sys', 'ptp4l'], /^error: phc2sys runs/],
    [{ ...wanting, ptp: { ...ptp, program: 'timemaster' } }, ['phc2sys', 'timemaster'], /^$/],
    [{ ...client, adopted: true }, ['phc2sys'], /^$/],
  ] as const)('one clock has one owner: %#', (design, programs, message) => {
    const of = having({ programs, hardwareClocks: { eth0: '/dev/ptp0' } });
    expect(problems(design, of)).toMatch(message);
  });

  test('owners that are units are retired by the plan, not refused', () => {
    const active = { active: true, enabled: true, masked: false };
    const units = { 'timemaster.service': active, 'phc2sys.service': active };
    for (const unit of ['timemaster', 'phc2sys']) {
      expect(clockUnits).toContain(`${unit}.service`);
      expect(problems(client, { ...having({ programs: [unit] }), units })).toBe('');
    }
  });

  test('a firewall that may keep the grandmaster out is told, when it could', () => {
    const filtered = {
      ...having({ hardwareClocks: { eth0: '/dev/ptp0' } }),
      firewall: { backend: 'nftables', opened: [] },
    } as const;
    expect(problems({ ...server, ptp: { ...ptp, transport: 'UDPv4' } }, filtered)).toMatch(/319 and 320/);
    expect(problems(wanting, filtered)).toBe('');
  });

  test('the clock is corrected for TAI by the tz database where it can be, else by the constant', () => {
    const clocks = { hardwareClocks: { eth0: '/dev/ptp3' } };
    const refclock = (of: ConfigureFacts): readonly string[] =>
      lines(wanting, of).filter((line) => /^(refclock|leap)/.test(line));
    expect(refclock(having(clocks))).toEqual([
      'refclock PHC /dev/ptp3 poll 2 dpoll -2 tai',
      'leapsectz right/UTC',
    ]);
    expect(refclock(having({ ...clocks, leapSeconds: { rightUtc: false, list: true } }))).toEqual([
      'refclock PHC /dev/ptp3 poll 2 dpoll -2 offset -37',
    ]);
    const newest = { ...having(clocks), packages: { chrony: { installed: '4.8-1', candidate: null } } };
    expect(refclock(newest)).toEqual([
      'refclock PHC eth0 poll 2 dpoll -2 tai',
      'leapseclist /usr/share/zoneinfo/leap-seconds.list',
    ]);
  });

  test('each family has its files and its unit', () => {
    const files = filesOf(wanting, defaultTimesync, 'rhel');
    expect(files.map(({ path }) => path)).toEqual([
      '/etc/ptp4l.conf',
      '/etc/sysconfig/ptp4l',
      '/etc/chrony.conf',
    ]);
    expect(files[0]?.content).toContain(
      'domainNumber 24\nnetwork_transport L2\ntime_stamping hardware\n[eth0]\n',
    );
    expect(ptpNeeds(wanting, 'debian')).toMatchObject({
      unit: 'ptp4l@eth0.service',
      replacesChronyUnit: false,
    });
    const hyphened = { ...wanting, ptp: { ...ptp, interfaces: ['eth-1'] } };
    expect(ptpNeeds(hyphened, 'debian')?.unit).toBe('ptp4l@eth\\x2d1.service');
    const master = { ...wanting, ptp: { ...ptp, program: 'timemaster' } } as const;
    expect(ptpNeeds(master, 'rhel')).toMatchObject({ unit: 'timemaster.service', replacesChronyUnit: true });
    expect(lines(master, facts).join('\n')).not.toContain('refclock');
    expect(ptpNeeds(client, 'debian')).toBeNull();
  });
});

describe('keys', () => {
  const content = '# ours\n1 SHA256 HEX:0011\n\n20  AES128 \t HEX:2233\n30 tulip\n';
  const keys = { file: '/home/ops/keys', id: 20, content };

  test('go into a file that only root and chronyd may read, and the servers are asked with one', () => {
    const files = filesOf(client, { ...defaultTimesync, keys }, 'debian');
    expect(files[0]).toMatchObject({
      path: '/etc/chrony/chrony.keys',
      mode: 0o640,
      owner: 'root',
      group: '_chrony',
      content: '# Written by Clockwarden.\n1 SHA256 HEX:0011\n20 AES128 HEX:2233\n30 tulip\n',
    });
    const conf = lines(client, null, { keys });
    expect(conf).toContain('server 10.2.0.1 iburst key 20');
    expect(conf).toContain('server a.ntp iburst');
    expect(conf).toContain('keyfile /etc/chrony/chrony.keys');
    expect(filesOf(client, { ...defaultTimesync, keys }, 'rhel')[0]).toMatchObject({
      path: '/etc/chrony.keys',
      group: 'chrony',
    });
  });

  test.each([
    [content, 20, null],
    [content, 2, /no key 2/],
    ['1 SHA256 HEX:00\nallow all\n', 1, /line 2/],
    ['1 SHA256 geheim mit Leerzeichen\n', 1, /line 1/],
    ['1 NEWHASH HEX:00\n', 1, /line 1/],
    ['1 SHA256 \u0007\n', 1, /line 1/],
  ])('the file %j with key %d', (of, id, message) => {
    const problem = keyFileProblem(of, id);
    if (message === null) expect(problem).toBeNull();
    else expect(problem?.en).toMatch(message);
    for (const secret of ['0011', 'geheim']) expect(problem?.en ?? '').not.toContain(secret);
  });

  test('that were not read are never written as if there were none', () => {
    expect(() =>
      filesOf(client, { ...defaultTimesync, keys: { ...keys, content: null } }, 'debian'),
    ).toThrow();
  });
});
