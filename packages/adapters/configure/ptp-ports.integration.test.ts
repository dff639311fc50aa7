/** With a real ptp4l, which is not allowed to set any clock (no CAP_SYS_TIME, `free_running`). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebian } from '@clockwarden/testkit/daemons';
import { createNamespace } from '@clockwarden/testkit/namespace';
import {
  launch,
  needRoot,
  privateDirectory,
  removeDirectory,
  run,
  runOrThrow,
} from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { portStatesOf, ptpPortsScript } from './ptp-ports.ts';

const folder = privateDirectory('ptp');
let linuxptp: Awaited<ReturnType<typeof unpackDebian>>;
beforeAll(async () => {
  needRoot('a network namespace');
  linuxptp = await unpackDebian(['linuxptp']);
  mkdirSync(join(folder, 'run', 'timemaster'), { recursive: true });
});
afterAll(() => removeDirectory(folder));

/** As on a machine that has linuxptp and whose /run is the folder of this test: both ends of a Unix socket must see the other's. */
const enter = 'mount --bind "$0" /run && exec "$@"';

function entered(...command: readonly string[]): readonly string[] {
  return ['--mount', 'sh', '-c', enter, join(folder, 'run'), ...command];
}

async function ask(domain: number, namespace: string): Promise<ReturnType<typeof portStatesOf>> {
  const PATH = `${linuxptp.path('usr/sbin')}:${process.env.PATH}`;
  const told = entered('sh', '-c', 'echo "$1" | sh -c "$0"', ptpPortsScript, String(domain));
  const { stdout } = await run('unshare', told, {
    namespace,
    env: { ...process.env, ...linuxptp.env, PATH },
  });
  return portStatesOf(stdout);
}

test.each(['ptp4l', 'timemaster/ptp4l.0.socket'])(
  'a ptp4l on /run/%s that waits for a grandmaster is told from none, in its own domain alone',
  async (socket) => {
    await using space = await createNamespace();
    const { name: namespace } = space;
    await runOrThrow('ip', ['link', 'add', 'pa', 'type', 'veth', 'peer', 'name', 'pb'], { namespace });
    for (const end of ['pa', 'pb']) await runOrThrow('ip', ['link', 'set', end, 'up'], { namespace });
    expect(await ask(7, namespace)).toEqual([]);
    const conf = join(folder, 'ptp4l.conf');
    const options = ['slaveOnly 1', 'free_running 1', 'domainNumber 7', 'time_stamping software'];
    writeFileSync(conf, ['[global]', ...options, `uds_address /run/${socket}`, ''].join('\n'));
    const program = [linuxptp.path('usr/sbin/ptp4l'), '-2', '-f', conf, '-i', 'pa', '-m'];
    const tamed = ['setpriv', '--bounding-set=-sys_time', '--inh-caps=-sys_time', ...program];
    const env = { ...process.env, ...linuxptp.env };
    await using ptp4l = launch('unshare', entered(...tamed), { namespace, env });
    await waitFor(() => ptp4l.log().includes('to LISTENING'), { what: 'ptp4l' });
    expect(await ask(7, namespace), ptp4l.log()).toEqual(['LISTENING']);
    expect(await ask(0, namespace)).toEqual([]);
  },
);
