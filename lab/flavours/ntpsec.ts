import type { Flavour } from './flavour.ts';

export const ntpsec: Flavour = {
  name: 'ntpsec',
  summary: 'Debian with ntpsec (ntpd)',
  packages: ['ntpsec'],
  prepare: '',
  daemon: { unit: 'ntpsec.service', config: '/etc/ntpsec/ntp.conf' },
  follow: (servers) => [
    {
      path: '/etc/ntpsec/ntp.conf',
      content: [
        'driftfile /var/lib/ntpsec/ntp.drift',
        'tos maxclock 11',
        'tos minclock 4 minsane 1',
        ...servers.map((server) => `server ${server} iburst`),
        'restrict default kod nomodify nopeer noquery limited',
        'restrict 127.0.0.1',
        'restrict ::1',
        '',
      ].join('\n'),
    },
  ],
};
