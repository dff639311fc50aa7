/** linuxptp's files and units: ptp4l.conf(5), timemaster(8). */
import type { PtpConfig } from '../../policy/index.ts';
import type { NodeDesign } from '../design.ts';
import type { ConfigFamily } from '../files.ts';

interface PtpPaths {
  readonly ptp4l: string;
  readonly timemaster: string;
  /** Options of RHEL's unit, which names an interface of its own unless told otherwise. */
  readonly options: string | null;
  /** What timemaster gives to chronyd besides its own lines. */
  readonly chronyConf: string;
}

export const ptpPaths: Readonly<Record<ConfigFamily, PtpPaths>> = {
  debian: {
    ptp4l: '/etc/linuxptp/ptp4l.conf',
    timemaster: '/etc/linuxptp/timemaster.conf',
    options: null,
    chronyConf: '/etc/chrony/chrony.conf',
  },
  rhel: {
    ptp4l: '/etc/ptp4l.conf',
    timemaster: '/etc/timemaster.conf',
    options: '/etc/sysconfig/ptp4l',
    chronyConf: '/etc/chrony.conf',
  },
};

export interface PtpNeeds {
  readonly packages: readonly string[];
  /** The unit that must be enabled and run. */
  readonly unit: string;
  /** `timemaster` starts chronyd itself: chrony's own unit must then be stopped and disabled. */
  readonly replacesChronyUnit: boolean;
}

/** What PTP wants of a node besides the files of `filesOf`; null: it follows no grandmaster. */
export function ptpNeeds({ ptp }: NodeDesign, family: ConfigFamily): PtpNeeds | null {
  if (ptp === null) return null;
  const [first = ''] = ptp.interfaces;
  // Debian's unit takes its interface from the unescaped instance, where a hyphen would stand for a slash (systemd.unit(5)).
  const ptp4l = family === 'debian' ? `ptp4l@${first.replaceAll('-', '\\x2d')}.service` : 'ptp4l.service';
  const isMaster = ptp.program === 'timemaster';
  return {
    packages: ['linuxptp'],
    unit: isMaster ? 'timemaster.service' : ptp4l,
    replacesChronyUnit: isMaster,
  };
}

export function ptpFiles(
  { ptp }: NodeDesign,
  family: ConfigFamily,
): readonly { readonly path: string; readonly content: string }[] {
  if (ptp === null) return [];
  const paths = ptpPaths[family];
  if (ptp.program === 'timemaster') {
    return [{ path: paths.timemaster, content: timemasterConf(ptp, paths.chronyConf) }];
  }
  const options =
    paths.options === null ? [] : [{ path: paths.options, content: `OPTIONS="-f ${paths.ptp4l}"\n` }];
  return [{ path: paths.ptp4l, content: ptp4lConf(ptp) }, ...options];
}

/** `slaveOnly` became `clientOnly` in 4.0, which still takes the old name; 3.1 knows no other. */
function ptp4lConf({ domain, transport, interfaces }: PtpConfig): string {
  return [
    '# Written by Clockwarden from clockwarden.yaml.',
    "# It steers the hardware clock of the interface, never the system clock: that is chronyd's, which reads the former.",
    '[global]',
    'slaveOnly 1',
    `domainNumber ${domain}`,
    `network_transport ${transport}`,
    'time_stamping hardware',
    ...interfaces.map((name) => `[${name}]`),
    '',
  ].join('\n');
}

function timemasterConf({ domain, transport, interfaces }: PtpConfig, chronyConf: string): string {
  return [
    '# Written by Clockwarden from clockwarden.yaml.',
    '# timemaster starts ptp4l, phc2sys and chronyd; chronyd alone sets the system clock.',
    `[ptp_domain ${domain}]`,
    `interfaces ${interfaces.join(' ')}`,
    `ptp4l_option network_transport ${transport}`,
    'delay 10e-6',
    '',
    '[timemaster]',
    'ntp_program chronyd',
    '',
    '[chrony.conf]',
    `include ${chronyConf}`,
    '',
    '[chronyd]',
    'path /usr/sbin/chronyd',
    '',
    '[phc2sys]',
    'path /usr/sbin/phc2sys',
    '',
    '[ptp4l]',
    'path /usr/sbin/ptp4l',
    '',
  ].join('\n');
}
