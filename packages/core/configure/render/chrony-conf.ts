/** chrony.conf of a server or a client (chrony.conf(5)). Nothing in it that chrony 3.5 does not know, `minsources` aside. */
import type { TimesyncConfig } from '../../policy/index.ts';
import type { NodeDesign } from '../design.ts';
import type { ChronyPaths } from '../files.ts';

export function chronyConf(design: NodeDesign, timesync: TimesyncConfig, paths: ChronyPaths): string {
  const { makestep, hwtimestamp, nts } = timesync;
  const authentication = nts ? ' nts' : '';
  const sections = [
    section(
      'Reference clocks of this machine.',
      design.refclocks.map((clock) => `refclock ${clock}`),
    ),
    section(
      'Outside servers. iburst: the first correction within seconds of a start.',
      design.upstreams.map((server) => `server ${server} iburst${authentication}`),
    ),
    section(
      design.part === 'server' ? 'The other servers of this cluster.' : 'The servers of this cluster.',
      design.servers.map((server) => `server ${server} iburst`),
    ),
    section(
      'So many sources must agree before the clock is corrected: one alone may lie.',
      design.minSources === null ? [] : [`minsources ${design.minSources}`],
    ),
    section('Who may ask this server; everybody else is refused. No `deny all`: it would take precedence.', [
      ...design.allow.map((network) => `allow ${network}`),
    ]),
    section(
      'Without any source the servers stay together and go on serving; stratum 10 claims no reference.',
      design.orphan ? ['local stratum 10 orphan'] : [],
    ),
    section('The rate of this clock, kept over restarts.', [`driftfile ${paths.driftFile}`]),
    section(
      `Step in the first ${makestep.limit} corrections when off by more than ${makestep.thresholdSeconds} s, later only slew.`,
      [`makestep ${decimal(makestep.thresholdSeconds)} ${makestep.limit}`],
    ),
    section(
      'Tell the kernel that the clock is synchronised (clears STA_UNSYNC), and keep the hardware clock in step.',
      ['rtcsync'],
    ),
    section(
      'Hardware time stamps of the network interface.',
      hwtimestamp.map((name) => `hwtimestamp ${name}`),
    ),
  ];
  return `${[header, ...sections.filter((part) => part !== '')].join('\n\n')}\n`;
}

const header = '# Written by Clockwarden from clockwarden.yaml.';

function section(comment: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`# ${comment}`, ...lines].join('\n');
}

/** `1` → `1.0`, as people write makestep's threshold. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
