import type { Flavour } from './flavour.ts';

export const timesyncd: Flavour = {
  name: 'timesyncd',
  summary: 'Debian with systemd-timesyncd',
  packages: ['systemd-timesyncd'],
  prepare: '',
  daemon: { unit: 'systemd-timesyncd.service', config: '/etc/systemd/timesyncd.conf' },
  follow: (servers) => [
    { path: '/etc/systemd/timesyncd.conf', content: `[Time]\nNTP=${servers.join(' ')}\nFallbackNTP=\n` },
  ],
};
