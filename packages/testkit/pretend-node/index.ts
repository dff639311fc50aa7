import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSshd } from '../daemons/index.ts';
import { privateDirectory, removeDirectory, runOrThrow } from '../process/index.ts';
import { pretendPrograms } from './programs.ts';
import { installSudo, sudoUsers } from './sudo.ts';

export { debianPrograms, redHatPrograms } from './package-managers.ts';
export { SUDO_LOG, SUDO_PASSWORD } from './sudo.ts';

export interface PretendNodeOptions {
  /** With a real sudo and the users of sudo.ts. */
  readonly sudo?: boolean;
  /** More stand-in programs by name: `#!` and what follows. They come first in the path of whoever becomes root. */
  readonly programs?: Readonly<Record<string, string>>;
}

export interface PretendNode extends AsyncDisposable {
  /** For `ssh -F`; the host is named `node`. */
  readonly sshConfig: string;
  /** Where a path of the node (under /etc, /var/lib or /usr/local) lies on this machine. */
  at(path: string): string;
  /** A shell command of root's that sees what the logins see, and may mount. */
  enter(command: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real sshd whose logins see a copy of /etc, an empty /var/lib and stand-ins for systemd's and chrony's programs in
 * /usr/local/sbin: what is changed there is changed nowhere else. `/usr/local/state` is what the stand-ins know.
 */
export async function startPretendNode(options: PretendNodeOptions = {}): Promise<PretendNode> {
  const root = privateDirectory('pretend');
  const at = (path: string): string => join(root, path);
  mkdirSync(at('/home'));
  mkdirSync(at('/var/lib'), { recursive: true });
  mkdirSync(at('/usr/local/sbin'), { recursive: true });
  mkdirSync(at('/usr/local/state/units'), { recursive: true });
  cpSync('/etc', at('/etc'), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const users: Readonly<Record<string, string>> = { sshd: '*', ...(options.sudo ? sudoUsers : {}) };
  for (const [index, [name, hash]] of Object.entries(users).entries()) {
    appendFileSync(at('/etc/passwd'), `${name}:x:${65_433 + index}:65534::/:/bin/sh\n`);
    appendFileSync(at('/etc/shadow'), `${name}:${hash}:19000:0:99999:7:::\n`);
  }
  for (const [name, text] of Object.entries({ ...pretendPrograms, ...options.programs })) {
    writeFileSync(at(`/usr/local/sbin/${name}`), text, { mode: 0o755 });
  }
  const sshd = await startSshd({
    mounts: { '/etc': at('/etc'), '/var/lib': at('/var/lib'), '/usr/local': at('/usr/local') },
  });
  const stop = async (): Promise<void> => {
    await sshd.stop();
    removeDirectory(root);
  };
  const enter = async (command: string): Promise<void> => {
    await runOrThrow('nsenter', [`--mount=/proc/${sshd.pid}/ns/mnt`, '--', 'sh', '-c', command]);
  };
  if (options.sudo) await installSudo(at, enter);
  return { sshConfig: sshd.sshConfig, at, enter, stop, [Symbol.asyncDispose]: stop };
}
