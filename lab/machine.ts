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

/** Only the build of the nodes' kernel needs these. */
const buildPrograms: Readonly<Record<string, string>> = {
  gcc: 'gcc',
  make: 'make',
  flex: 'flex',
  bison: 'bison',
  bc: 'bc',
  xz: 'xz-utils',
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
  return [...missing, ...missingOf(programs, path)];
}

function missingOf(wanted: Readonly<Record<string, string>>, path: string): string[] {
  const places = [...path.split(':'), '/usr/sbin', '/sbin'];
  return Object.entries(wanted)
    .filter(([program]) => !places.some((place) => isExecutable(join(place, program))))
    .map(([program, owner]) => `The program ${program} is missing (Debian package ${owner}).`);
}

export function refuseWithoutNeeds(): void {
  refuse('This machine cannot run a lab:', obstacles());
}

export function refuseWithoutBuildPrograms(): void {
  const headers = existsSync('/usr/include/stdio.h')
    ? []
    : ['The headers of the C library are missing (Debian package libc6-dev).'];
  refuse("This machine cannot build the kernel of the lab's nodes:", [
    ...missingOf(buildPrograms, process.env.PATH ?? ''),
    ...headers,
  ]);
}

function refuse(what: string, missing: readonly string[]): void {
  if (missing.length > 0) throw new LabProblem([what, ...missing.map((line) => `  - ${line}`)].join('\n'));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
