/** What the tests need of the machine itself beyond Node.js, npm and git. None of these is a time daemon or an ssh server. */
import { spawnSync } from 'node:child_process';

export interface DebianNeed {
  readonly package: string;
  /** A file that tells that it is there. */
  readonly provides: string;
  /** Test projects that cannot run without it. */
  readonly projects: readonly string[];
}

export const needs: readonly DebianNeed[] = [
  { package: 'iproute2', provides: '/usr/sbin/ip', projects: ['integration', 'lab'] },
  { package: 'openssh-client', provides: '/usr/bin/ssh', projects: ['integration', 'lab'] },
  { package: 'procps', provides: '/usr/bin/ps', projects: ['integration', 'lab'] },
  // A node's etcd is asked with it, and gets its certificate from openssl.
  { package: 'curl', provides: '/usr/bin/curl', projects: ['integration'] },
  { package: 'openssl', provides: '/usr/bin/openssl', projects: ['integration'] },
  // The lab builds the kernel of its nodes.
  { package: 'gcc', provides: '/usr/bin/gcc', projects: ['lab'] },
  { package: 'libc6-dev', provides: '/usr/include/stdio.h', projects: ['lab'] },
  { package: 'make', provides: '/usr/bin/make', projects: ['lab'] },
  { package: 'flex', provides: '/usr/bin/flex', projects: ['lab'] },
  { package: 'bison', provides: '/usr/bin/bison', projects: ['lab'] },
  { package: 'bc', provides: '/usr/bin/bc', projects: ['lab'] },
  { package: 'xz-utils', provides: '/usr/bin/xz', projects: ['lab'] },
  // ntpq and ntpdate of ntpsec are written in it.
  { package: 'python3', provides: '/usr/bin/python3', projects: ['integration'] },
  { package: 'chromium', provides: '/usr/bin/chromium', projects: ['browser'] },
  {
    package: 'fonts-noto-cjk',
    provides: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    projects: ['browser'],
  },
];

/** Installs packages as root, quietly; returns whether apt-get succeeded. */
export function installPackages(packages: readonly string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean => {
    const run = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
    return run.status === 0;
  };
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}
