import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  freePort,
  launch,
  needRoot,
  privateDirectory,
  removeDirectory,
  runOrThrow,
} from '../process/index.ts';
import { type Daemon, untilReady, withRetries } from './daemon.ts';
import { unpackDebian } from './unpack.ts';

export interface SshdOptions {
  /** Lines of sshd_config; the first one given for a keyword wins over the defaults here. */
  readonly config?: readonly string[];
  /** Environment of the sessions, e.g. a PATH that begins with a directory of stand-in programs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lines added to /etc/passwd as the daemon and its sessions see it (user names to log in with besides root). */
  readonly users?: readonly string[];
  /** Files or directories laid over existing ones, as the daemon and its sessions see them: target → source. */
  readonly mounts?: Readonly<Record<string, string>>;
  readonly address?: string;
  readonly namespace?: string | undefined;
}

export interface Sshd extends Daemon {
  /** For `ssh -F`: everything needed to log in as root to the host named `node`. */
  readonly sshConfig: string;
  /** The private key that is let in. */
  readonly identity: string;
  readonly knownHosts: string;
  /** The public host key, `type base64`. */
  readonly hostKey: string;
  readonly directory: string;
}

/**
 * A real sshd on a port of its own, with its own host key and one key that may log in as any user. It lives in a mount
 * namespace where /etc/passwd has the `sshd` user that it insists on, so the machine needs neither user nor package.
 */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  needRoot('sshd');
  const { env, path } = await unpackDebian(['openssh-server']);
  return withRetries(5, async () => {
    const { address = '127.0.0.1', namespace } = options;
    const port = namespace === undefined ? await freePort('tcp', address) : 22;
    const directory = privateDirectory('sshd');
    const files = await writeFiles(directory, address, port, options);
    const mounts = { '/etc/passwd': files.passwd, '/etc/shadow': files.shadow, ...options.mounts };
    const script = [
      'set -e',
      // What systemd's RuntimeDirectory= does: an empty directory that the unprivileged half is confined to.
      'mkdir -p -m 0755 /run/sshd',
      'while [ "$1" != -- ]; do mount --bind "$2" "$1"; shift 2; done',
      'shift',
      'exec "$@"',
    ].join('\n');
    const sshd = [path('usr/sbin/sshd'), '-D', '-e', '-f', files.config];
    const args = ['--mount', '--', 'sh', '-c', script, 'sh', ...Object.entries(mounts).flat(), '--', ...sshd];
    const running = launch('unshare', args, { env, namespace });
    const stop = async (): Promise<void> => {
      await running.stop();
      removeDirectory(directory);
    };
    try {
      await untilReady({
        running,
        what: 'sshd',
        ready: async () => {
          if (!/Server listening on/.test(running.log())) return undefined;
          return namespace !== undefined || (await answers(address, port)) || undefined;
        },
      });
    } catch (error) {
      await stop();
      throw error;
    }
    const { pid, log } = running;
    const { sshConfig, identity, knownHosts, hostKey } = files;
    const where = { address, port, namespace, directory, sshConfig, identity, knownHosts, hostKey };
    return { pid, log, stop, ...where, [Symbol.asyncDispose]: stop };
  });
}

async function writeFiles(directory: string, address: string, port: number, options: SshdOptions) {
  const file = (name: string): string => join(directory, name);
  const write = (name: string, lines: readonly string[], mode = 0o600): string => {
    writeFileSync(file(name), `${lines.join('\n')}\n`, { mode });
    return file(name);
  };
  for (const name of ['host_key', 'identity']) {
    await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file(name)]);
  }
  // sshd reads the keys as the user who logs in.
  chmodSync(directory, 0o711);
  const authorized = write('authorized_keys', [readFileSync(file('identity.pub'), 'utf8').trim()], 0o644);
  const hostKey = readFileSync(file('host_key.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  const knownHosts = write('known_hosts', [`[${address}]:${port} ${hostKey}`, `${address} ${hostKey}`]);
  // Root gets a home of its own, so that no dotfile of the machine's root takes part.
  mkdirSync(file('home'));
  const users = [
    `root:x:0:0:root:${file('home')}:/bin/sh`,
    'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin',
    ...(options.users ?? []),
  ];
  const passwd = write('passwd', [...others('/etc/passwd', users), ...users], 0o644);
  // A locked password ("!") keeps even a key out when there is no PAM; "*" only means that no password fits.
  const unlocked = users.map((line) => `${line.split(':')[0]}:*:19000:0:99999:7:::`);
  const shadow = write('shadow', [...others('/etc/shadow', unlocked), ...unlocked]);
  const environment = Object.entries(options.env ?? {}).map(([name, value]) => `"${name}=${value}"`);
  const config = write('sshd_config', [
    ...(options.config ?? []),
    `ListenAddress ${address.includes(':') ? `[${address}]` : address}:${port}`,
    `HostKey ${file('host_key')}`,
    `PidFile ${file('sshd.pid')}`,
    `AuthorizedKeysFile ${authorized}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    // A burst of logins is what tests do; the default begins to refuse at ten.
    'MaxStartups 1000',
    ...(environment.length > 0 ? [`SetEnv ${environment.join(' ')}`] : []),
  ]);
  const sshConfig = write('ssh_config', [
    'Host node',
    `  HostName ${address}`,
    `  Port ${port}`,
    '  User root',
    'Host *',
    `  IdentityFile ${file('identity')}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
  ]);
  return { config, passwd, shadow, sshConfig, identity: file('identity'), knownHosts, hostKey };
}

/** The lines of the machine's file for users that `replaced` does not name. */
function others(path: string, replaced: readonly string[]): string[] {
  const names = new Set(replaced.map((line) => line.split(':')[0]));
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !names.has(line.split(':')[0]));
}

function answers(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    socket.once('error', () => resolve(false));
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
