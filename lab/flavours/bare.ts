import type { Flavour } from './flavour.ts';

export const bare: Flavour = {
  name: 'bare',
  summary: 'Debian without a time daemon',
  packages: [],
  prepare: '',
  daemon: null,
  follow: () => [],
};
