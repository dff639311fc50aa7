/**
 * Where time daemons keep their configuration: Debian's and Red Hat's layouts of chrony, timesyncd with its drop-ins in
 * the order of systemd.unit(5), ntp, ntpsec and OpenNTPD. A `*` stands for a file name. No keys are among them.
 */
export const configFileGlobs: readonly string[] = [
  '/etc/chrony/chrony.conf',
  '/etc/chrony/conf.d/*.conf',
  '/etc/chrony/sources.d/*.sources',
  '/etc/chrony.conf',
  '/etc/chrony.d/*.conf',
  '/run/chrony-dhcp/*.sources',
  '/etc/systemd/timesyncd.conf',
  '/usr/lib/systemd/timesyncd.conf.d/*.conf',
  '/usr/local/lib/systemd/timesyncd.conf.d/*.conf',
  '/run/systemd/timesyncd.conf.d/*.conf',
  '/etc/systemd/timesyncd.conf.d/*.conf',
  '/etc/ntp.conf',
  '/etc/ntpsec/ntp.conf',
  '/etc/ntpsec/ntp.d/*.conf',
  '/etc/openntpd/ntpd.conf',
  '/etc/ntpd.conf',
];

/** Whether a path is one that {@link configFileGlobs} name. */
export function isConfigPath(path: string): boolean {
  return configFileGlobs.some((glob) => {
    const [before = '', after] = glob.split('*');
    if (after === undefined) return path === glob;
    const middle = path.slice(before.length, path.length - after.length);
    return path === before + middle + after && middle !== '' && !middle.includes('/');
  });
}
