import { recipe } from './recipe.ts';

/** mmdebstrap runs this with the new root as $1, while apt still knows the archive. */
export const downloadHook = `
root="$1"
mkdir -p "$root/lab-repository/partial" "$root/lab-repository/sets"
apt() { APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get -q -y --no-install-recommends -o Dir::Cache::archives="$root/lab-repository/" "$@"; }
# All lists first: apt does not list what it has downloaded already.
while read -r packages; do
  apt --print-uris install $packages | sed -n "s/^'[^']*' \\([^ ]*\\) .*/\\1/p" >"$root/lab-repository/sets/$(echo "$packages" | tr ' ' '+')"
done <"$LAB_SETS"
while read -r packages; do apt --download-only install $packages </dev/null; done <"$LAB_SETS"
`;

/** Turns what mmdebstrap made into the root of a node: no units that only cost time, no identity, the lab's mirror. */
export const finishScript = `
mv "$ROOT/lab-repository" "$DRAFT/repository"
rm -rf "$DRAFT/repository/partial" "$DRAFT/repository/lock"
chroot "$ROOT" systemctl --quiet mask ${recipe.maskedUnits.join(' ')}
chroot "$ROOT" systemctl --quiet disable prometheus-node-exporter.service
# A node's dpkg waits for the disk, as everybody's does: a power cut is survived by what was installed before it.
sed -i '/^force-unsafe-io/d' "$ROOT"/etc/dpkg/dpkg.cfg.d/99mmdebstrap
rm -f "$ROOT"/etc/ssh/ssh_host_* "$ROOT/etc/machine-id" "$ROOT/var/lib/dbus/machine-id" "$ROOT/etc/hostname"
printf '/dev/ubda / ext4 defaults,noatime 0 0\\n' >"$ROOT/etc/fstab"
rm -f "$ROOT"/etc/apt/sources.list.d/*
printf 'deb [trusted=yes] http://mirror.lab/ ./\\n' >"$ROOT/etc/apt/sources.list"
`;

/** One flavour's disk: the base, what the kernel has built in, the lab's own files, its packages, its preparation, an ext4 file system. */
export const flavourScript = `
cp -a --reflink=auto "$PLACE/rootfs" "$ROOT"
mkdir -p "$ROOT/lib/modules/$RELEASE"
cp "$KERNEL"/modules.* "$ROOT/lib/modules/$RELEASE/"
: >"$ROOT/lib/modules/$RELEASE/modules.order"
chroot "$ROOT" depmod "$RELEASE"
cp -a --no-preserve=ownership "$OVERLAY/." "$ROOT/"
# python3 brings a format for binfmt_misc, which this kernel does not have.
chroot "$ROOT" systemctl --quiet mask systemd-binfmt.service proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount
if [ -n "$PACKAGES" ]; then
  mkdir "$ROOT/lab-debs"
  while read -r deb; do cp "$PLACE/repository/$deb" "$ROOT/lab-debs/"; done <"$PLACE/repository/sets/$PACKAGES"
  mount -t proc proc "$ROOT/proc"
  # apt, not dpkg: it unpacks in the order that Pre-Depends asks for. Everything it needs is in the directory.
  chroot "$ROOT" sh -c 'apt-get -q -y -o Acquire::Languages=none -o Dpkg::Options::=--force-unsafe-io install /lab-debs/*.deb'
  rm -r "$ROOT/lab-debs"
  printf '%s' "$PREPARE" | chroot "$ROOT" /bin/sh -eu
  umount "$ROOT/proc"
fi
mkfs.ext4 -q -F -m 0 -O ^metadata_csum,^resize_inode -E lazy_itable_init=0,lazy_journal_init=0 -J size=8 -d "$ROOT" "$DRAFT" ${recipe.diskMegabytes}M
`;
