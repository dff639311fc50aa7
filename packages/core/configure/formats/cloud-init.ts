import { ptpNeeds } from '../render/ptp.ts';
import { clockUnits, installOf, unitsWanted } from '../time-daemons.ts';
import type { Format, RenderedNode } from './index.ts';
import { missingDaemon } from './problems.ts';

/** cloud-config (cloud-init's modules `timezone`, `packages`, `write_files`, `runcmd`), for a first boot. */
export const cloudInit: Format = {
  family: null,
  problems: missingDaemon,
  document: (node) => ({
    suffix: '.cloud-config.yaml',
    syntax: 'yaml',
    firstLine: '#cloud-config',
    data: {
      ...(node.design.timezone === null ? {} : { timezone: node.design.timezone }),
      // cloud-init's own `ntp` module would write the same files again.
      ntp: { enabled: false },
      ...daemonOf(node),
      write_files: node.files.map((file) => ({
        path: file.path,
        owner: `${file.owner}:${file.group}`,
        permissions: `0${file.mode.toString(8)}`,
        content: file.content,
        // After packages: a package would otherwise ask what to do with a file that is already there.
        defer: true,
      })),
    },
  }),
};

/** A constant script: the names come as its words. Units that the image does not have are no failure. */
const RETIRE =
  'for unit; do if systemctl cat "$unit" >/dev/null 2>&1; then systemctl disable --now "$unit"; fi; done';

/**
 * The package of the wanted daemon, which on Debian removes the others, and the units so that one of them has the clock:
 * first the others leave, then it starts with the files, now and at every boot.
 */
function daemonOf({ design, family }: RenderedNode): Readonly<Record<string, unknown>> {
  const install = installOf(family, design.daemon);
  if (install === null) throw new Error(`${family} has no ${design.daemon}`);
  const ptp = ptpNeeds(design, family);
  const wanted = unitsWanted(install, ptp);
  return {
    packages: [install.package, ...(ptp?.packages ?? [])],
    runcmd: [
      ['sh', '-c', RETIRE, 'retire', ...retiredFor(wanted)],
      ...wanted.flatMap((unit) => [
        ['systemctl', 'enable', unit],
        ['systemctl', 'restart', unit],
      ]),
    ],
  };
}

/** Units that must leave the clock to the wanted ones. Debian calls its chrony.service chronyd.service as well. */
function retiredFor(wanted: readonly string[]): readonly string[] {
  const kept = wanted.includes('chrony.service') ? [...wanted, 'chronyd.service'] : wanted;
  return clockUnits.filter((unit) => !kept.includes(unit));
}
