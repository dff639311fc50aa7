import { flavours } from '../flavours/index.ts';

/**
 * What every node has: iptables, since Kubernetes nodes have it; python3, since Ansible's targets have it; the exporter is
 * installed and disabled.
 */
const basePackages = [
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'iproute2',
  'iptables',
  'kmod',
  'procps',
  'tzdata',
  'cron',
  'netbase',
  'python3',
  'prometheus-node-exporter',
];

/** Packages that a node may install later from the lab's mirror, beside those of the flavours. */
const mirrorExtras = ['ufw', 'firewalld', 'nftables', 'linuxptp', 'ntpsec-ntpdate', 'sudo'];

/** Units that only cost boot time on a node that lives for minutes and has no such hardware. */
const maskedUnits = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'fstrim.timer',
  'systemd-tmpfiles-clean.timer',
  'e2scrub_reap.service',
  'getty.target',
  'getty@tty1.service',
  'systemd-pstore.service',
  'systemd-random-seed.service',
  'systemd-update-utmp.service',
  'systemd-update-utmp-runlevel.service',
  'remote-fs.target',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'modprobe@drm.service',
  'modprobe@fuse.service',
  'modprobe@configfs.service',
  'modprobe@dm_mod.service',
  'modprobe@loop.service',
];

export const recipe = {
  suite: 'bookworm',
  basePackages,
  mirrorSets: [
    ...new Set([
      ...mirrorExtras,
      ...flavours
        .filter((flavour) => flavour.packages.length > 0)
        .map((flavour) => flavour.packages.join(' ')),
    ]),
  ],
  maskedUnits,
  /** Sparse: what is not used costs nothing. Room for every package of the mirror. */
  diskMegabytes: 1200,
} as const;
