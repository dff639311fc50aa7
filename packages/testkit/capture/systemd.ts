import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../namespace/index.ts';
import { privateDirectory, removeDirectory, run, runOrThrow } from '../process/index.ts';
import { startResponder } from '../responder/index.ts';
import type { Collection } from './collection.ts';

const REPORTS = ['', 'show', 'show-timesync', 'timesync-status'];

/**
 * timedatectl and timesyncd of systemd 252, which must be installed on the capturing machine together with dbus-daemon.
 * Nothing can be switched on or off there, so "NTP service" reads `n/a`; `active` needs a machine that systemd booted.
 */
export async function captureSystemd(collection: Collection, inside: Namespace): Promise<void> {
  const namespace = inside.name;
  const installed = (await runOrThrow('timedatectl', ['--version'])).split('\n')[0] ?? '';
  const version = /\((.*)\)/.exec(installed)?.[1] ?? installed;
  const hosts = { '127.0.0.1': 0, '127.0.0.2': 0.25, '127.0.0.3': -0.25 };
  await using stack = new AsyncDisposableStack();
  for (const [address, aheadSeconds] of Object.entries(hosts)) {
    const behaviour = { aheadSeconds, refId: 'GPS', stratum: 1, replyDelayMs: 1 };
    stack.use(await startResponder({ namespace, address, behaviour }));
  }
  for (const [name, server, zone, situation] of [
    ['follows', '127.0.0.1', 'Asia/Shanghai', 'timesyncd follows a server; zone Asia/Shanghai'],
    ['server-ahead', '127.0.0.2', 'Etc/UTC', "timesyncd's server is 0.25 s ahead of the machine"],
    ['server-behind', '127.0.0.3', 'America/St_Johns', "timesyncd's server is 0.25 s behind the machine"],
    ['silent', '127.0.0.4', 'Europe/Berlin', "timesyncd's server never answers"],
  ] as const) {
    const directory = privateDirectory('systemd');
    try {
      const script = fileURLToPath(new URL('./systemd.sh', import.meta.url));
      const caged = ['--bounding-set', '-sys_time', '--', 'unshare', '--mount', '--', 'sh', script];
      const done = await run('setpriv', [...caged, directory, server, zone], { namespace });
      for (const report of REPORTS) {
        const file = report === '' ? 'timedatectl' : `timedatectl-${report}`;
        const command = `timedatectl ${report}`.trim();
        const content = readFileSync(join(directory, `${file}.txt`), 'utf8');
        if (content === '') throw new Error(`${command} said nothing:\n${done.stderr}`);
        const path = `systemd-252/${name}/${file}.txt`;
        const words = `${situation}; the kernel is not synchronised, since nothing could touch it`;
        collection.add(
          { file: path, program: 'timedatectl', version: `systemd ${version}`, command, situation: words },
          content,
        );
      }
    } finally {
      removeDirectory(directory);
    }
  }
}
