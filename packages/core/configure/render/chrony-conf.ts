/** chrony.conf of a server or a client (chrony.conf(5)), without what the node's chronyd does not know yet. */
import {
  type ChronyVersion,
  chronyDirectives,
  isNewer,
  localOptions,
  writtenHeader,
} from '../../chrony-conf/index.ts';
import type { PtpConfig, TimesyncConfig } from '../../policy/index.ts';
import { isPoolName } from '../../time-servers/index.ts';
import type { NodeDesign } from '../design.ts';
import type { MachineFacts } from '../facts.ts';
import type { ChronyPaths } from '../files.ts';

export interface ChronyTarget {
  readonly paths: ChronyPaths;
  /** Null: not known, so every directive is taken to be known. */
  readonly version: ChronyVersion | null;
  /** Null: not known. */
  readonly machine: MachineFacts | null;
  /** Whom chronyd becomes by the file that is there now; null: its build's own user. */
  readonly user: string | null;
}

/** @param settings the `timesync:` block as this node has it */
export function chronyConf(design: NodeDesign, settings: TimesyncConfig, target: ChronyTarget): string {
  const { makestep, hwtimestamp, keys } = settings;
  const { paths } = target;
  const key = keys === null ? '' : ` key ${keys.id}`;
  const knows = (line: string): boolean => isKnown(line, target.version);
  const sections = [
    section(
      'Reference clocks of this machine.',
      design.refclocks.map((clock) => `refclock ${clock}`),
    ),
    design.ptp === null ? '' : ptpSection(design.ptp, target),
    section(
      'Outside servers. iburst: the first correction within seconds of a start.',
      design.upstreams.map((server) => upstreamLine(server, design.upstreams.length, settings.nts)),
    ),
    section(
      design.part === 'server' ? 'The other servers of this cluster.' : 'The servers of this cluster.',
      design.servers.map((server) => `server ${server} iburst${key}`),
    ),
    section(
      'So many sources must agree before the clock is corrected: one alone may lie.',
      design.minSources === null ? [] : [`minsources ${design.minSources}`].filter(knows),
    ),
    section('Who may ask this server; everybody else is refused. No `deny all`: it would take precedence.', [
      ...design.allow.map((network) => `allow ${network}`),
    ]),
    design.orphan ? localSection(target.version) : '',
    section('Keys that prove the servers of this cluster to each other.', [
      ...(keys === null ? [] : [`keyfile ${paths.keyFile}`]),
    ]),
    section('Whom chronyd becomes, as before.', target.user === null ? [] : [`user ${target.user}`]),
    section('The rate of this clock, kept over restarts.', [`driftfile ${paths.driftFile}`]),
    section(stepWords(makestep), [`makestep ${decimal(makestep.thresholdSeconds)} ${makestep.limit}`]),
    section(
      'Tell the kernel that the clock is synchronised (clears STA_UNSYNC), and keep the hardware clock in step.',
      ['rtcsync'],
    ),
    section(
      'Hardware time stamps of the network interface.',
      hwtimestamp.map((name) => `hwtimestamp ${name}`).filter(knows),
    ),
  ];
  const header = writtenHeader(design.orphan && !knowsOrphan(target.version) ? target.version : null);
  return `${[header, ...sections.filter((part) => part !== '')].join('\n\n')}\n`;
}

function section(comment: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`# ${comment}`, ...lines].join('\n');
}

/** A name of the pool gives other addresses every time: four are followed, two beside servers that were chosen by name. */
function upstreamLine(server: string, count: number, nts: boolean): string {
  const authentication = nts ? ' nts' : '';
  if (!isPoolName(server)) return `server ${server} iburst${authentication}`;
  return `pool ${server} iburst${count >= 3 ? ' maxsources 2' : ''}${authentication}`;
}

function isKnown(line: string, version: ChronyVersion | null): boolean {
  const [name = ''] = line.split(' ');
  return version === null || !isNewer(chronyDirectives.get(name)?.since, version);
}

function knowsOrphan(version: ChronyVersion | null): boolean {
  return version === null || !isNewer(localOptions.get('orphan')?.since, version);
}

function localSection(version: ChronyVersion | null): string {
  return knowsOrphan(version)
    ? section(
        'Without any source the servers stay together and go on serving; stratum 10 claims no reference.',
        ['local stratum 10 orphan'],
      )
    : section(
        'Without any source it goes on serving its own clock (this chronyd knows no `orphan`); stratum 10 claims no reference.',
        ['local stratum 10'],
      );
}

function stepWords({ limit, thresholdSeconds }: TimesyncConfig['makestep']): string {
  return limit < 0
    ? `Step whenever off by more than ${thresholdSeconds} s.`
    : `Step in the first ${limit} corrections when off by more than ${thresholdSeconds} s, later only slew.`;
}

/** First version of chronyd that finds a hardware clock by the interface's name, and that corrects TAI by itself. */
const BY_INTERFACE = '4.7';
const TAI_OPTION = '3.3';
const LEAP_LIST = '4.6';

/**
 * ptp4l keeps the hardware clock in TAI. chronyd takes the difference from the tz database where it can; without it the
 * constant since 2017 is written, which holds until a leap second is announced.
 */
function ptpSection(ptp: PtpConfig, { version, machine }: ChronyTarget): string {
  // timemaster adds the lines of its clocks itself.
  if (ptp.program === 'timemaster') return '';
  const isAtLeast = (since: string): boolean => version !== null && !isNewer(since, version);
  const [name = ''] = ptp.interfaces;
  const clock = isAtLeast(BY_INTERFACE) ? name : (machine?.hardwareClocks[name] ?? '/dev/ptp0');
  const { rightUtc = false, list = false } = machine?.leapSeconds ?? {};
  const leap =
    isAtLeast(LEAP_LIST) && list
      ? 'leapseclist /usr/share/zoneinfo/leap-seconds.list'
      : isAtLeast(TAI_OPTION) && rightUtc
        ? 'leapsectz right/UTC'
        : null;
  const difference = leap === null ? 'offset -37' : 'tai';
  return section(`The hardware clock of ${name}, which ptp4l keeps in TAI.`, [
    `refclock PHC ${clock} poll 2 dpoll -2 ${difference}`,
    ...(leap === null ? [] : [leap]),
  ]);
}

/** `1` → `1.0`, as people write makestep's threshold. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
