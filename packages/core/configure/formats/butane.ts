import { unitsOf } from './ignition.ts';
import type { Format } from './index.ts';

/** Butane, variant fcos 1.3.0: what people edit before `butane` makes Ignition of it. */
export const butane: Format = (design, files) => ({
  suffix: '.bu',
  syntax: 'yaml',
  data: {
    variant: 'fcos',
    version: '1.3.0',
    storage: {
      files: files.map((file) => ({
        path: file.path,
        mode: file.mode,
        ...(file.group === 'root' ? {} : { group: { name: file.group } }),
        overwrite: true,
        contents: { inline: file.content },
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
  },
});
