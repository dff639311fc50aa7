import { chrony } from './chrony.ts';
import { chronyConf, type Flavour } from './flavour.ts';

const cronTable = (server: string): string =>
  `# The remedy of an earlier administrator.\n* * * * * root /usr/sbin/ntpdate -s ${server}\n`;

/** The classic of grown clusters: a daemon, and a forgotten job that sets the same clock every minute. */
export const chronyNtpdate: Flavour = {
  name: 'chrony-ntpdate',
  summary: 'Debian with chrony beside a cron job of ntpdate',
  packages: ['chrony', 'ntpsec-ntpdate'],
  prepare: `printf '%s' '${cronTable('pool.ntp.org')}' >/etc/cron.d/ntpdate`,
  daemon: chrony.daemon,
  follow: (servers) => [
    { path: '/etc/chrony/chrony.conf', content: chronyConf(servers) },
    { path: '/etc/cron.d/ntpdate', content: cronTable(servers[0] ?? 'pool.ntp.org') },
  ],
};
