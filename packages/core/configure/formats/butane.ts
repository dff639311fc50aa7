import { fileHead, timezoneLinks, unitsOf } from './ignition.ts';
import type { Format } from './index.ts';
import { withoutLinuxptp } from './problems.ts';

/** Butane, variant fcos 1.3.0: what people edit before `butane` makes Ignition 3.2.0 of it. */
export const butane: Format = {
  family: 'rhel',
  problems: withoutLinuxptp,
  document: (node) => ({
    suffix: '.bu',
    syntax: 'yaml',
    data: {
      variant: 'fcos',
      version: '1.3.0',
      storage: {
        files: node.files.map((file) => ({ ...fileHead(file), contents: { inline: file.content } })),
        ...timezoneLinks(node),
      },
      systemd: { units: unitsOf(node.design) },
    },
  }),
};
