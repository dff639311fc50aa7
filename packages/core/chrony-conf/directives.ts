/** Every directive of chronyd and what its parser (conf.c, cmdparse.c) wants behind it. */

/** `4.3` or `4.6.1` as numbers. */
export type ChronyVersion = readonly number[];

interface DirectiveFacts {
  /** First version that knows it; absent: known since before 2.0. */
  readonly since?: string;
  /** Words after the name that the parser itself insists on. */
  readonly min: number;
  readonly max: number;
  /** Still accepted, with a message and without effect. */
  readonly obsolete?: true;
}

const ANY = Number.POSITIVE_INFINITY;

function all(
  names: string,
  min: number,
  max: number,
  since?: string,
): readonly (readonly [string, DirectiveFacts])[] {
  return names
    .split(' ')
    .map((name) => [name, since === undefined ? { min, max } : { min, max, since }] as const);
}

export const chronyDirectives: ReadonlyMap<string, DirectiveFacts> = new Map<string, DirectiveFacts>([
  ...all('manual noclientlog rtconutc rtcsync', 0, 0),
  ...all('nosystemcert', 0, 0, '4.0'),
  ...all(
    'acquisitionport bindacqaddress bindaddress bindcmdaddress clientloglimit cmdport combinelimit corrtimeratio dumpdir hwclockfile include keyfile leapsecmode leapsectz logbanner logchange logdir maxclockerror maxsamples maxslewrate maxupdateskew minsamples minsources pidfile port reselectdist rtcautotrim rtcdevice rtcfile stratumweight user',
    1,
    1,
  ),
  ...all('maxdistance', 1, 1, '2.2'),
  ...all('maxdrift', 1, 1, '2.4'),
  ...all('maxjitter ntpsigndsocket', 1, 1, '3.0'),
  ...all(
    'authselectmode bindacqdevice bindcmddevice binddevice clockprecision dscp maxntsconnections nocerttimecheck ntsdumpdir ntscachedir ntsntpserver ntsport ntsprocesses ntsrefresh ntsrotate ntsservercert ntsserverkey',
    1,
    1,
    '4.0',
  ),
  ...all('ntstrustedcerts', 1, 2, '4.0'),
  ...all('confdir', 1, 10, '4.0'),
  ...all('sourcedir', 0, ANY, '4.0'),
  ...all('ntsratelimit', 0, ANY, '4.0'),
  ...all('ptpport', 1, 1, '4.2'),
  ...all('hwtstimeout refresh', 1, 1, '4.4'),
  ...all('leapseclist ptpdomain', 1, 1, '4.6'),
  ...all('ntsaeads', 1, ANY, '4.6.1'),
  ...all('opencommands', 0, ANY, '4.7'),
  ...all('maxstratum maxtxbuffers minstratum', 1, 1, '4.9'),
  ...all('driftfile', 1, 3),
  ...all('fallbackdrift makestep mailonchange', 2, 2),
  ...all('maxchange', 3, 3),
  ...all('smoothtime', 2, 3),
  ...all('tempcomp', 3, ANY),
  ...all('broadcast refclock', 2, ANY),
  ...all('initstepslew peer pool server', 1, ANY),
  ...all('hwtimestamp', 1, ANY, '3.0'),
  ...all('allow deny cmdallow cmddeny', 0, 2),
  ...all('cmdratelimit ratelimit', 0, ANY, '2.3'),
  ...all('local log', 0, ANY),
  ['dumponexit', { min: 0, max: 0, obsolete: true }],
  ['generatecommandkey', { min: 0, max: 0, obsolete: true }],
  ['commandkey', { min: 1, max: 1, obsolete: true }],
  ['linux_freq_scale', { min: 0, max: ANY, obsolete: true }],
  ['linux_hz', { min: 0, max: ANY, obsolete: true }],
]);

interface OptionFacts {
  readonly since?: string;
  /** Wants a value behind it. */
  readonly value: boolean;
}

function options(names: string, value: boolean, since?: string): readonly (readonly [string, OptionFacts])[] {
  return names.split(' ').map((name) => [name, since === undefined ? { value } : { value, since }] as const);
}

/** Options of server, peer and pool. */
export const sourceOptions: ReadonlyMap<string, OptionFacts> = new Map<string, OptionFacts>([
  ...options('auto_offline iburst noselect offline prefer require trust', false),
  ...options('xleave', false, '3.0'),
  ...options('burst', false, '3.3'),
  ...options('nts', false, '4.0'),
  ...options('copy', false, '4.1'),
  ...options('ipv4 ipv6', false, '4.6'),
  ...options(
    'key maxdelay maxdelaydevratio maxdelayratio maxpoll maxsamples maxsources minpoll minsamples minstratum polltarget port presend version',
    true,
  ),
  ...options('offset', true, '3.0'),
  ...options('asymmetry mindelay', true, '3.2'),
  ...options('filter', true, '3.4'),
  ...options('ntsport', true, '4.0'),
  ...options('certset', true, '4.1'),
  ...options('extfield', true, '4.2'),
  ...options('maxdelayquant', true, '4.3'),
  ...options('maxunreach', true, '4.8'),
]);

/** Options of `local`. */
export const localOptions: ReadonlyMap<string, OptionFacts> = new Map<string, OptionFacts>([
  ...options('stratum', true),
  ...options('orphan', false, '2.4'),
  ...options('distance', true, '2.4'),
  ...options('activate', true, '4.6'),
  ...options('waitsynced waitunsynced', true, '4.7'),
]);

/** Null when it is no version. */
export function parseChronyVersion(written: string): ChronyVersion | null {
  return /^\d{1,3}(\.\d{1,3}){1,2}$/.test(written) ? written.split('.').map(Number) : null;
}

/** True when `since` is newer than `version`. */
export function isNewer(since: string | undefined, version: ChronyVersion): boolean {
  const first = since?.split('.').map(Number) ?? [];
  for (let part = 0; part < 3; part += 1) {
    const difference = (first[part] ?? 0) - (version[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
