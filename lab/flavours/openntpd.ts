import type { Flavour } from './flavour.ts';

export const openntpd: Flavour = {
  name: 'openntpd',
  summary: 'Debian with openntpd',
  packages: ['openntpd'],
  prepare: '',
  daemon: { unit: 'openntpd.service', config: '/etc/openntpd/ntpd.conf' },
  follow: (servers) => [
    {
      path: '/etc/openntpd/ntpd.conf',
      content: ['listen on *', ...servers.map((server) => `server ${server}`), ''].join('\n'),
    },
  ],
};
