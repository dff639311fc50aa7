import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { keepUsed, removeDrafts } from '../cache.ts';
import { withLock } from '../lock.ts';
import { refuseWithoutBuildPrograms } from '../machine.ts';
import { LabProblem } from '../problem.ts';
import { runOrFail, tiedToUs } from '../process.ts';
import { say } from '../progress.ts';
import { missingOptions, wantedOptions } from './options.ts';
import { fetchSource, preferred, suite } from './source.ts';

export interface Kernel {
  /** A program: Linux in user mode. */
  readonly program: string;
  /** As `uname -r` says in a node. */
  readonly release: string;
  /** Has the kernel's lists of what is built in (modules.builtin, modules.builtin.modinfo), for modprobe(8) of a node. */
  readonly directory: string;
}

/** What of a finished build is kept. */
const lists = ['modules.builtin', 'modules.builtin.modinfo'];

/** Builds the nodes' kernel if it is not there yet: some five minutes on two cores, once. */
export async function getKernel(cache: string, archive: string, keyring: string): Promise<Kernel> {
  const kernels = join(cache, 'kernels');
  const recipe = [suite, preferred, ...wantedOptions].join('\n');
  const key = createHash('sha256').update(recipe).digest('hex').slice(0, 16);
  const directory = join(kernels, key);
  await mkdir(kernels, { recursive: true });
  await withLock(
    join(kernels, 'lock'),
    () => say('another lab is building the kernel; waiting for it'),
    async () => {
      await removeDrafts(kernels);
      if (!existsSync(directory)) await build(directory, archive, keyring);
      await keepUsed(kernels, key);
    },
  );
  const release = (await readFile(join(directory, 'release'), 'utf8')).trim();
  return { program: join(directory, 'linux'), release, directory };
}

async function build(directory: string, archive: string, keyring: string): Promise<void> {
  refuseWithoutBuildPrograms();
  const draft = `${directory}.draft-${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  const from = join(draft, 'source');
  const tree = join(draft, 'tree');
  const kept = join(draft, 'kept');
  for (const place of [from, tree, kept]) await mkdir(place, { recursive: true });
  try {
    say("fetching Debian's source of Linux");
    const source = await fetchSource(from, archive, keyring);
    say(`unpacking ${basename(source)}`);
    await runOrFail(...tiedToUs('tar', ['-xf', source, '-C', tree, '--strip-components=1']));
    const wanted = join(draft, 'wanted');
    await writeFile(wanted, `${wantedOptions.join('\n')}\n`);
    await make(tree, [`KCONFIG_ALLCONFIG=${wanted}`, 'allnoconfig']);
    const missing = missingOptions(await readFile(join(tree, '.config'), 'utf8'));
    if (missing.length > 0)
      throw new LabProblem(`This source of Linux does not take these options: ${missing.join(' ')}`);
    say("building the nodes' kernel (some minutes, once)");
    await make(tree, [`-j${availableParallelism()}`, 'linux']);
    await runOrFail('strip', ['-o', join(kept, 'linux'), join(tree, 'linux')]);
    for (const list of lists) await copyFile(join(tree, list), join(kept, list));
    await writeFile(join(kept, 'release'), await readFile(join(tree, 'include/config/kernel.release')));
    await rename(kept, directory);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function make(tree: string, goals: readonly string[]): Promise<void> {
  await runOrFail(...tiedToUs('make', ['-s', '-C', tree, 'ARCH=um', ...goals]), {
    env: { ...process.env, LC_ALL: 'C', KBUILD_BUILD_USER: 'clockwarden', KBUILD_BUILD_HOST: 'lab' },
  });
}
