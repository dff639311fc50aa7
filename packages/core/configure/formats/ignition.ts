import type { NodeDesign } from '../design.ts';
import type { WantedFile } from '../files.ts';
import { ptpNeeds } from '../render/ptp.ts';
import type { Format } from './index.ts';

/** Ignition 3.2.0 (Fedora CoreOS, Flatcar, RHEL CoreOS). */
export const ignition: Format = (design, files) => ({
  suffix: '.ign',
  syntax: 'json',
  data: ignitionConfig(design, files),
});

export function ignitionConfig(design: NodeDesign, files: readonly WantedFile[]): unknown {
  return {
    ignition: { version: '3.2.0' },
    storage: {
      files: files.map((file) => ({
        path: file.path,
        mode: file.mode,
        ...(file.group === 'root' ? {} : { group: { name: file.group } }),
        overwrite: true,
        contents: { source: `data:,${encodeURIComponent(file.content)}` },
      })),
      ...(design.timezone === null
        ? {}
        : {
            links: [
              { path: '/etc/localtime', target: `../usr/share/zoneinfo/${design.timezone}`, overwrite: true },
            ],
          }),
    },
    systemd: { units: unitsOf(design) },
  };
}

/** These systems have RHEL's unit names. */
export function unitsOf(design: NodeDesign): readonly { readonly name: string; readonly enabled: boolean }[] {
  const ptp = ptpNeeds(design, 'rhel');
  const daemon = design.daemon === 'chronyd' ? 'chronyd.service' : 'systemd-timesyncd.service';
  return [
    { name: daemon, enabled: ptp?.replacesChronyUnit !== true },
    ...(ptp === null ? [] : [{ name: ptp.unit, enabled: true }]),
  ];
}
