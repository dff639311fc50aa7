import type { NodeDesign } from '../design.ts';
import type { Format, RenderedNode } from './index.ts';
import { withoutLinuxptp } from './problems.ts';

/** Ignition 3.2.0 (Fedora CoreOS, Flatcar and others), for a first boot. */
export const ignition: Format = {
  family: 'rhel',
  problems: withoutLinuxptp,
  document: (node) => ({
    suffix: '.ign',
    syntax: 'json',
    data: {
      ignition: { version: '3.2.0' },
      storage: { files: ignitionFiles(node), ...timezoneLinks(node) },
      systemd: { units: unitsOf(node.design) },
    },
  }),
};

export function ignitionFiles({ files }: RenderedNode): readonly unknown[] {
  return files.map((file) => ({
    ...fileHead(file),
    contents: { source: `data:,${encodeURIComponent(file.content)}` },
  }));
}

/** What Ignition and Butane write of a file alike: who is not named is root. */
export function fileHead({
  path,
  mode,
  group,
}: RenderedNode['files'][number]): Readonly<Record<string, unknown>> {
  return { path, mode, ...(group === 'root' ? {} : { group: { name: group } }), overwrite: true };
}

export function timezoneLinks({ design: { timezone } }: RenderedNode): Readonly<Record<string, unknown>> {
  if (timezone === null) return {};
  return {
    links: [{ path: '/etc/localtime', target: `../usr/share/zoneinfo/${timezone}`, overwrite: true }],
  };
}

/** By the names of RHEL, which these systems share; each program lies where all of them have it. */
const daemons: Readonly<Record<NodeDesign['daemon'], { readonly unit: string; readonly program: string }>> = {
  chronyd: { unit: 'chronyd.service', program: '/usr/sbin/chronyd' },
  'systemd-timesyncd': {
    unit: 'systemd-timesyncd.service',
    program: '/usr/lib/systemd/systemd-timesyncd',
  },
};

export interface IgnitionUnit {
  readonly name: string;
  readonly enabled?: boolean;
  readonly contents?: string;
  readonly dropins?: readonly { readonly name: string; readonly contents: string }[];
}

/**
 * One clock, one owner: the other daemon runs only where the wanted one is not. A mask would leave a machine without any
 * where the image does not have the wanted one (Flatcar has no chronyd), and a preset (`enabled: false`) does not reach
 * Flatcar's timesyncd, which a link in /usr starts.
 */
export function unitsOf({ daemon }: Pick<NodeDesign, 'daemon'>): readonly IgnitionUnit[] {
  const other = daemons[daemon === 'chronyd' ? 'systemd-timesyncd' : 'chronyd'];
  const { unit, program } = daemons[daemon];
  return [
    { name: unit, enabled: true },
    {
      name: other.unit,
      dropins: [
        {
          name: '90-clockwarden.conf',
          contents: `# Written by Clockwarden: one clock has one owner.\n[Unit]\nConditionFileIsExecutable=!${program}\n`,
        },
      ],
    },
  ];
}
