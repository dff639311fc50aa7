import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabProblem } from './problem.ts';

const programs: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  'mkfs.ext4': 'e2fsprogs',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  'apt-get': 'apt',
  'dpkg-deb': 'dpkg',
  perl: 'perl',
};

/** Everything that keeps this machine from running a lab, one sentence each; empty when it can. */
export function obstacles(path = process.env.PATH ?? ''): string[] {
  const missing: string[] = [];
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    missing.push(
      `The nodes are x86-64 Linux kernels in user mode; this is ${process.platform} ${process.arch}.`,
    );
    return missing;
  }
  if (process.getuid?.() !== 0) {
    missing.push('You are not root: network namespaces and taps need it. Run it with sudo.');
  }
  if (!existsSync('/dev/net/tun')) {
    missing.push(
      '/dev/net/tun is missing: load the module with "modprobe tun", or give the container that device.',
    );
  }
  const places = [...path.split(':'), '/usr/sbin', '/sbin'];
  for (const [program, owner] of Object.entries(programs)) {
    if (!places.some((place) => isExecutable(join(place, program)))) {
      missing.push(`The program ${program} is missing (Debian package ${owner}).`);
    }
  }
  return missing;
}

export function refuseWithoutNeeds(): void {
  const missing = obstacles();
  if (missing.length > 0) {
    throw new LabProblem(
      `This machine cannot run a lab:\n${missing.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
