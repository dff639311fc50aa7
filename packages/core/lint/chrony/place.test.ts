import { describe, expect, it } from 'vitest';
import { lintText } from '../index.ts';

const SERVERS = [1, 2, 3].map((number) => `server 192.0.2.${number} iburst\n`).join('');
const REST = 'driftfile /d\nmakestep 1 3\nrtcsync\n';

/** What is found in one of these files on a node of that distribution. */
function found(os: string | null, files: Readonly<Record<string, string>>, path: string): readonly string[] {
  const place = {
    path,
    os,
    files: Object.entries(files).map(([each, content]) => ({ path: each, content })),
  };
  const whole = !/\.d\/|dhcp/.test(path);
  return lintText(files[path] ?? '', 'chrony.conf', { chronyVersion: [4, 3], whole, place }).map(
    ({ rule, line, detail }) => `${line} ${rule.code} ${detail?.en ?? ''}`.trim(),
  );
}

const debian = '/etc/chrony/chrony.conf';
const redHat = '/etc/chrony.conf';

describe('a file that chronyd never reads', () => {
  const main = `${SERVERS}${REST}`;
  const both = { [debian]: main, [redHat]: `# other\n${main}` };

  it.each([
    ['debian', redHat, debian],
    ['ubuntu debian', redHat, debian],
    ['rocky rhel centos fedora', debian, redHat],
    ['openeuler', debian, redHat],
  ])('on %s: %s', (os, unread, read) => {
    expect(found(os, both, unread)).toEqual([`1 chrony-never-read \`${read}\` is read`]);
    expect(found(os, both, read)).toEqual([]);
    expect(found(os, { [unread]: main }, unread)).toHaveLength(1);
  });

  it('is not told on a distribution that is not known, nor of one file under two names', () => {
    expect(found('opensuse-leap suse opensuse', both, debian)).toEqual([]);
    expect(found(null, both, redHat)).toEqual([]);
    expect(found('debian', { [debian]: main, [redHat]: main }, redHat)).toEqual([]);
  });

  it.each([
    ['/etc/chrony/conf.d/a.conf', 'confdir /etc/chrony/conf.d'],
    ['/etc/chrony/sources.d/a.sources', 'sourcedir /etc/chrony/sources.d'],
    ['/etc/chrony/conf.d/a.conf', 'confdir /etc/chrony/conf.d/'],
    ['/etc/chrony/sources.d/a.sources', 'sourcedir /run/chrony /etc/chrony//sources.d/'],
    ['/etc/chrony.d/a.conf', 'include /etc/chrony.d/*.conf'],
    ['/etc/chrony/conf.d/a.conf', 'include /etc/chrony/*/?.conf'],
    // What cannot be decided is not told.
    ['/etc/chrony/conf.d/a.conf', 'include /etc/chrony/conf.d/[a-z].conf'],
    ['/etc/chrony/conf.d/a.conf', 'include conf.d/a.conf'],
  ])('is %s, unless the main file has `%s`', (path, line) => {
    const dropIn = { [path]: 'server 192.0.2.9 iburst\n' };
    expect(found('debian', { ...dropIn, [debian]: main }, path)).toEqual([
      `1 chrony-never-read \`${debian}\` is read`,
    ]);
    expect(found('debian', { ...dropIn, [debian]: `${main}${line}\n` }, path)).toEqual([]);
    // What another distribution's file draws in, this one's does not.
    expect(found('debian', { ...dropIn, [debian]: main, [redHat]: `${line}\n` }, path)).toHaveLength(1);
    expect(found('debian', dropIn, path)).toEqual([]);
  });

  it.each(['/etc/chrony/conf.d/b*.conf', '/etc/chrony/*.conf', '/etc/chrony/conf_d/a.conf'])(
    'is one that `include %s` does not fit',
    (pattern) => {
      const files = { [debian]: `${main}include ${pattern}\n`, '/etc/chrony/conf.d/a.conf': 'rtcsync\n' };
      expect(found('debian', files, '/etc/chrony/conf.d/a.conf')).toHaveLength(1);
    },
  );

  it('is none that DHCP writes', () => {
    const lease = '/run/chrony-dhcp/eth0.sources';
    expect(found('debian', { [debian]: main, [lease]: 'server 192.0.2.9 iburst\n' }, lease)).toEqual([]);
  });
});

describe('sources of DHCP', () => {
  const lease = { '/run/chrony-dhcp/eth0.sources': 'server 192.0.2.1 iburst\nserver 198.51.100.7 iburst\n' };

  it('are told where servers were chosen, and they are others', () => {
    const main = `sourcedir /run/chrony-dhcp\n${SERVERS}${REST}`;
    expect(found('debian', { [debian]: main, ...lease }, debian)).toEqual([
      '1 chrony-dhcp-sources `198.51.100.7` (/run/chrony-dhcp/eth0.sources)',
    ]);
    const withSlash = main.replace('chrony-dhcp', 'chrony-dhcp/');
    expect(found('debian', { [debian]: withSlash, ...lease }, debian)).toHaveLength(1);
    expect(found('debian', { [debian]: main }, debian)).toEqual([]);
    expect(found('debian', { [debian]: `${SERVERS}${REST}`, ...lease }, debian)).toEqual([]);
  });

  it.each([
    ['debian', debian, 'pool 2.debian.pool.ntp.org iburst'],
    ['ubuntu debian', debian, 'pool ntp.ubuntu.com iburst maxsources 4'],
    ['rhel fedora', redHat, 'pool 2.rhel.pool.ntp.org iburst'],
    [
      'centos rhel fedora',
      redHat,
      [0, 1, 2, 3].map((n) => `server ${n}.centos.pool.ntp.org iburst`).join('\n'),
    ],
  ])('are no mistake beside the own sources of %s', (os, path, sources) => {
    expect(found(os, { [path]: `${sources}\nsourcedir /run/chrony-dhcp\n${REST}`, ...lease }, path)).toEqual(
      [],
    );
  });
});

describe('servers of a node in several files, as Ubuntu lays them out', () => {
  const pool = 'pool ntp.ubuntu.com iburst maxsources 4\n';
  const folders =
    'confdir /etc/chrony/conf.d/\nsourcedir /run/chrony-dhcp\nsourcedir /etc/chrony/sources.d\n';
  const main = `${pool}${folders}${REST}`;
  const own = (content: string) => ({ '/etc/chrony/sources.d/own.sources': content });
  const lease = { '/run/chrony-dhcp/eth0.sources': 'server 198.51.100.7 iburst\n' };
  const fromLease = '3 chrony-dhcp-sources `198.51.100.7` (/run/chrony-dhcp/eth0.sources)';

  it("are seen beside the distribution's and those of DHCP", () => {
    expect(
      found('ubuntu debian', { [debian]: main, ...own('server 10.2.0.1 iburst\n'), ...lease }, debian),
    ).toEqual(['1 chrony-distribution-pool `ntp.ubuntu.com`', fromLease]);
    // The pool may be in a drop-in too.
    const dropIn = '/etc/chrony/sources.d/ubuntu.sources';
    const files = { [debian]: `server 10.2.0.1 iburst\n${folders}${REST}`, [dropIn]: pool };
    expect(found('ubuntu debian', files, dropIn)).toEqual(['1 chrony-distribution-pool `ntp.ubuntu.com`']);
  });

  it('are not those of a lease, of a file that is not read, or of a server of others', () => {
    const told = (files: Readonly<Record<string, string>>) =>
      found('ubuntu debian', { [debian]: main, ...files }, debian);
    expect(told({ '/run/chrony-dhcp/eth0.sources': 'server 10.2.0.1 iburst\n' })).toEqual([]);
    expect(told({ '/etc/chrony.d/own.conf': 'server 10.2.0.1 iburst\n', ...lease })).toEqual([]);
    const unclear = {
      [debian]: `${main}include more.conf\n`,
      '/etc/chrony.d/own.conf': 'server 10.2.0.1 iburst\n',
    };
    expect(told(unclear)).toEqual([]);
    expect(told({ ...own('server 10.2.0.1 iburst prefer\n') })).toEqual([]);
    expect(
      told({ ...own('server 10.2.0.1 iburst\n'), '/etc/chrony/conf.d/a.conf': 'allow 10.0.0.0/8\n' }),
    ).toEqual([]);
  });

  it('are not held against a lease when they have names: it may name their addresses', () => {
    const named = { ...own('server ntp1.example.com iburst\nserver 10.2.0.1 iburst prefer\n'), ...lease };
    expect(found('ubuntu debian', { [debian]: main, ...named }, debian)).toEqual([]);
    expect(
      found('ubuntu debian', { [debian]: main, ...own('server 10.2.0.1 iburst prefer\n'), ...lease }, debian),
    ).toEqual([fromLease]);
  });
});
