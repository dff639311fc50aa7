import { chronyConf, type Flavour } from './flavour.ts';

export const chrony: Flavour = {
  name: 'chrony',
  summary: 'Debian with chrony',
  packages: ['chrony'],
  prepare: '',
  daemon: { unit: 'chrony.service', config: '/etc/chrony/chrony.conf' },
  follow: (servers) => [{ path: '/etc/chrony/chrony.conf', content: chronyConf(servers) }],
};
