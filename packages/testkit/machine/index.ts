import { unpackDebian } from '../daemons/unpack.ts';
import { launch, needRoot, type Running, type RunResult, run } from '../process/index.ts';
import { waitFor } from '../wait/index.ts';

export interface Machine extends AsyncDisposable {
  /** Runs a shell script there to its end, with `args` as its arguments. */
  sh(script: string, ...args: readonly string[]): Promise<RunResult>;
  /** Starts a program there that goes on until it is stopped. */
  launch(command: string, ...args: readonly string[]): Running;
  stop(): Promise<void>;
}

export interface MachineOptions {
  /** Debian packages that are there as if installed; their maintainer scripts have not run. */
  readonly packages: readonly string[];
  readonly namespace: string;
}

/** What a process there finds in its environment: nothing of the test's own. */
const clean = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C', 'HOME=/tmp'];

/**
 * A machine as far as files and the network go: this one's root directory with packages unpacked over it, and all that is
 * written there, /etc too, lives in memory and is gone with it. It has no init and no systemd: only `systemctl` on files.
 */
export async function startMachine({ packages, namespace }: MachineOptions): Promise<Machine> {
  needRoot('A machine of files');
  const { roots } = await unpackDebian(packages);
  const script = [
    'set -e',
    // Memory of its own below the overlay: its upper half may not lie on another overlay.
    'mount -t tmpfs machine /mnt',
    'mkdir /mnt/upper /mnt/work /mnt/root',
    'mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root',
    // Through the links of a merged /usr, which a layer of the overlay would hide.
    'for root in "$@"; do tar -C "$root" -c . | tar -C /mnt/root -x --keep-directory-symlink; done',
    'cd /mnt/root',
    'mount --rbind /proc proc',
    'mount --rbind /sys sys',
    'mount --rbind /dev dev',
    'for directory in run tmp var/lib/clockwarden; do mkdir -p $directory; mount -t tmpfs $directory $directory; done',
    'mkdir run/lock run/dbus',
    'echo ready',
    'exec chroot . sleep infinity',
  ].join('\n');
  const running = launch('unshare', ['--mount', '--', 'sh', '-c', script, 'sh', ...roots], { namespace });
  await waitFor(async () => running.log().includes('ready') || running.ended(), {
    what: 'the machine',
    evidence: running.log,
  });
  if (running.ended()) throw new Error(`the machine did not come up:\n${running.log()}`);
  const enter = ['--target', String(running.pid), '--mount', '--net', '--root', '--wd', '--', ...clean];
  return {
    sh: (code, ...args) =>
      run('nsenter', [...enter, 'sh', '-c', code, 'sh', ...args], { timeoutMs: 200_000 }),
    launch: (command, ...args) => launch('nsenter', [...enter, command, ...args]),
    stop: running.stop,
    [Symbol.asyncDispose]: running.stop,
  };
}
