/**
 * Many hosts behind one sshd: each loopback address leads into mount and PID namespaces of its own, whose root is an overlay
 * over this machine's files. Nothing of the machine is written to. Wants to run in namespaces of its own itself.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sshd, startSshd, unpackDebian } from '@clockwarden/testkit/daemons';
import { launch, type Running, runOrThrow } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';

/** What every host has installed; unpacked, so that neither tool's run waits for an archive. */
export const hostPackages = ['chrony', 'openssh-sftp-server'] as const;

const standIns = join(import.meta.dirname, 'node');

export class Hosts {
  readonly addresses: readonly string[];
  readonly #sshd: Sshd;
  readonly #scratch: string;
  readonly aliases: readonly string[];
  #running: readonly Running[] = [];

  private constructor(scratch: string, addresses: readonly string[], aliases: readonly string[], sshd: Sshd) {
    this.#scratch = scratch;
    this.addresses = addresses;
    this.aliases = aliases;
    this.#sshd = sshd;
  }

  /** @param aliases addresses beyond those of the hosts, which lead into the same hosts in turn */
  static async in(
    scratch: string,
    addresses: readonly string[],
    aliases: readonly string[] = [],
  ): Promise<Hosts> {
    for (const name of ['hosts', 'layer', 'tmp']) mkdirSync(join(scratch, name));
    // Seen from this PID namespace, whose directories in the machine's own would look like those of dead processes.
    process.env.TMPDIR = join(scratch, 'tmp');
    for (const name of ['enter', 'boot']) cpSync(join(standIns, name), join(scratch, name));
    await buildLayer(scratch);
    const sshd = await startSshd({
      address: '0.0.0.0',
      config: [`ForceCommand ${scratch}/enter`, 'Subsystem sftp /usr/lib/openssh/sftp-server'],
    });
    return new Hosts(scratch, addresses, aliases, sshd);
  }

  /** Every host as it was at first, whatever was done to it. */
  async renew(): Promise<void> {
    await this.#halt();
    this.#running = this.addresses.map((address) => {
      const directory = join(this.#scratch, `host-${address}`);
      mkdirSync(directory);
      const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
      const boot = [join(this.#scratch, 'boot'), directory, join(this.#scratch, 'layer'), address];
      return launch('unshare', [...namespaces, '--', ...boot]);
    });
    const pids = await Promise.all(this.#running.map(pidOf));
    [...this.addresses, ...this.aliases].forEach((address, index) => {
      writeFileSync(join(this.#scratch, 'hosts', address), `${pids[index % pids.length]}\n`);
    });
  }

  /** An ssh_config for all of them. @param keyExchange as `KexAlgorithms` has it, or `default` */
  sshConfig(directory: string, keyExchange: string): string {
    const { port, hostKey, identity } = this.#sshd;
    const known = join(directory, 'known_hosts');
    writeFileSync(known, `[127.0.*]:${port} ${hostKey}\n`);
    const file = join(directory, `ssh_config-${keyExchange}`);
    const lines = [
      'Host 127.0.*',
      `  Port ${port}`,
      '  User root',
      `  IdentityFile ${identity}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${known}`,
      '  GlobalKnownHostsFile /dev/null',
      ...(keyExchange === 'default' ? [] : [`  KexAlgorithms ${keyExchange}`]),
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  }

  async stop(): Promise<void> {
    await this.#halt();
    await this.#sshd.stop();
  }

  /** A file as the host sees it. */
  read(address: string, path: string): string {
    const pid = readFileSync(join(this.#scratch, 'hosts', address), 'utf8').trim();
    return readFileSync(`/proc/${pid}/root${path}`, 'utf8');
  }

  async #halt(): Promise<void> {
    await Promise.all(this.#running.map((host) => host.stop()));
    this.#running = [];
    for (const address of this.addresses)
      rmSync(join(this.#scratch, `host-${address}`), { recursive: true, force: true });
  }
}

/** What `boot` says once the host is there. */
function pidOf(host: Running): Promise<string> {
  return waitFor(() => /^(\d+)$/m.exec(host.log())?.[1], {
    what: 'a host to boot',
    deadlineMs: 60_000,
    evidence: host.log,
  });
}

/** What the hosts have and this machine has not, or has otherwise; made through an overlay, which marks what is removed. */
async function buildLayer(scratch: string): Promise<void> {
  const root = join(scratch, 'building');
  const work = join(scratch, 'work');
  for (const directory of [root, work]) mkdirSync(directory);
  const layers = `lowerdir=/,upperdir=${join(scratch, 'layer')},workdir=${work}`;
  await runOrThrow('mount', ['-t', 'overlay', '-o', layers, 'overlay', root]);
  const { roots } = await unpackDebian(hostPackages);
  for (const from of roots) {
    // A merged /usr: /lib is a link, and must stay one.
    for (const [source, target] of [
      ['lib', 'usr/lib'],
      ['usr', 'usr'],
      ['etc', 'etc'],
      ['var', 'var'],
    ] as const)
      if (existsSync(join(from, source)))
        await runOrThrow('cp', ['-a', `${join(from, source)}/.`, join(root, target)]);
  }
  cpSync(join(root, 'usr/share/chrony/chrony.conf'), join(root, 'etc/chrony/chrony.conf'));
  for (const name of ['systemctl', 'chronyc']) cpSync(join(standIns, name), join(root, 'usr/bin', name));
  mkdirSync(join(root, 'etc/perl'), { recursive: true });
  cpSync(join(standIns, 'Synchronised.pm'), join(root, 'etc/perl/Synchronised.pm'));
  mkdirSync(join(root, 'usr/lib/bench'));
  // The name by which a daemon is recognised; it sleeps.
  cpSync('/bin/sleep', join(root, 'usr/lib/bench/chronyd'));
  writeFileSync(join(root, 'etc/os-release'), osRelease);
  for (const lists of ['var/lib/apt/lists', 'var/cache/apt']) {
    rmSync(join(root, lists), { recursive: true, force: true });
    mkdirSync(join(root, lists, lists.endsWith('lists') ? 'partial' : 'archives/partial'), {
      recursive: true,
    });
  }
  const status = join(root, 'var/lib/dpkg/status');
  writeFileSync(status, withChrony(readFileSync(status, 'utf8')));
  await runOrThrow('umount', [root]);
}

/** dpkg's list of packages, with chrony for the machine's own time daemon. */
function withChrony(status: string): string {
  const others = status
    .split('\n\n')
    .filter(
      (record) =>
        !/^Package: (chrony|systemd-timesyncd|ntp|ntpsec|openntpd|openssh-sftp-server)$/m.test(record),
    );
  const chrony = [
    'Package: chrony',
    'Status: install ok installed',
    'Priority: optional',
    'Section: net',
    'Maintainer: Debian',
    'Architecture: amd64',
    'Version: 4.3-2+deb12u3',
    'Provides: time-daemon',
    'Conflicts: time-daemon',
    'Description: Versatile implementation of the Network Time Protocol',
  ];
  return `${others.join('\n\n').trimEnd()}\n\n${chrony.join('\n')}\n`;
}

const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`;
