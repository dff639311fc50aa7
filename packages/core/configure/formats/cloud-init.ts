import type { Format } from './index.ts';

/** cloud-config (cloud-init's modules `timezone`, `packages`, `write_files`, `runcmd`), for a first boot. */
export const cloudInit: Format = (design, files) => {
  const chrony = design.daemon === 'chronyd';
  return {
    suffix: '.cloud-config.yaml',
    syntax: 'yaml',
    firstLine: '#cloud-config',
    data: {
      ...(design.timezone === null ? {} : { timezone: design.timezone }),
      // cloud-init's own `ntp` module would write the same files again.
      ntp: { enabled: false },
      ...(chrony ? { packages: ['chrony'] } : {}),
      write_files: files.map((file) => ({
        path: file.path,
        owner: `${file.owner}:${file.owner}`,
        permissions: `0${file.mode.toString(8)}`,
        content: file.content,
        // After packages: a package would otherwise ask what to do with a file that is already there.
        defer: true,
      })),
      runcmd: [
        chrony
          ? ['sh', '-c', 'systemctl restart chrony.service || systemctl restart chronyd.service']
          : ['systemctl', 'restart', 'systemd-timesyncd.service'],
      ],
    },
  };
};
