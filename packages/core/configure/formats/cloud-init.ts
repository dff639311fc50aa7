import { chronyPaths } from '../files.ts';
import { ptpNeeds } from '../render/ptp.ts';
import type { Format } from './index.ts';

/** cloud-config (cloud-init's modules `timezone`, `packages`, `write_files`, `runcmd`), for a first boot. */
export const cloudInit: Format = (design, files) => {
  const chrony = design.daemon === 'chronyd';
  const family = files.some(({ path }) => path === chronyPaths.rhel.conf) ? 'rhel' : 'debian';
  const ptp = ptpNeeds(design, family);
  return {
    suffix: '.cloud-config.yaml',
    syntax: 'yaml',
    firstLine: '#cloud-config',
    data: {
      ...(design.timezone === null ? {} : { timezone: design.timezone }),
      // cloud-init's own `ntp` module would write the same files again.
      ntp: { enabled: false },
      ...(chrony ? { packages: ['chrony', ...(ptp?.packages ?? [])] } : {}),
      write_files: files.map((file) => ({
        path: file.path,
        owner: `${file.owner}:${file.group}`,
        permissions: `0${file.mode.toString(8)}`,
        content: file.content,
        // After packages: a package would otherwise ask what to do with a file that is already there.
        defer: true,
      })),
      runcmd: [
        ...(ptp === null ? [] : [['systemctl', 'enable', '--now', ptp.unit]]),
        chrony
          ? ['sh', '-c', both(ptp?.replacesChronyUnit === true ? 'disable --now' : 'restart')]
          : ['systemctl', 'restart', 'systemd-timesyncd.service'],
      ],
    },
  };
};

/** Debian's name of the unit, else RHEL's. */
function both(verb: string): string {
  return `systemctl ${verb} chrony.service || systemctl ${verb} chronyd.service`;
}
