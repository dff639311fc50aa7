import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keepUsed, removeDrafts } from '../cache.ts';
import type { Flavour } from '../flavours/index.ts';
import { getKernel, type Kernel } from '../kernel/build.ts';
import { withLock } from '../lock.ts';
import { LabProblem } from '../problem.ts';
import { runOrFail, tiedToUs } from '../process.ts';
import { say } from '../progress.ts';
import { baseHash, flavourHash, rootfsOverlay } from './hash.ts';
import { indexRepository } from './mirror-index.ts';
import { recipe } from './recipe.ts';
import { downloadHook, finishScript, flavourScript } from './scripts.ts';
import { getTools, type Tools } from './tools.ts';

export interface Images {
  readonly kernel: string;
  /** The directory that the mirror serves. */
  readonly repository: string;
  /** Image of each flavour asked for, by its name. */
  readonly disks: ReadonlyMap<string, string>;
}

interface Parts {
  readonly tools: Tools;
  readonly kernel: Kernel;
  readonly archive: string;
}

/** Builds what is missing and returns where everything is. A cached image takes no time at all. */
export async function getImages(cache: string, wanted: readonly Flavour[], archive: string): Promise<Images> {
  const images = join(cache, 'images');
  await mkdir(images, { recursive: true });
  const tools = await getTools(cache);
  const kernel = await getKernel(cache, archive, tools.keyring);
  const base = baseHash(archive);
  await withLock(
    join(images, 'lock'),
    () => say('another lab is building images; waiting for it'),
    () => buildMissing(images, base, wanted, { tools, kernel, archive }),
  );
  const place = join(images, base);
  return {
    kernel: kernel.program,
    repository: join(place, 'repository'),
    disks: new Map(wanted.map((flavour) => [flavour.name, diskOf(place, flavour, kernel)])),
  };
}

async function buildMissing(
  images: string,
  base: string,
  wanted: readonly Flavour[],
  { tools, kernel, archive }: Parts,
): Promise<void> {
  const place = join(images, base);
  await removeDrafts(images);
  if (!existsSync(place)) await buildBase(place, tools, archive);
  await keepUsed(images, base);
  await removeDrafts(place);
  const missing = wanted.filter((flavour) => !existsSync(diskOf(place, flavour, kernel)));
  // Two at a time: unpacking and mkfs keep two cores busy.
  const queue = [...missing];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await buildFlavour(place, kernel, next);
  };
  const ended = await Promise.allSettled([worker(), worker()]);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

const diskOf = (place: string, flavour: Flavour, kernel: Kernel): string =>
  join(place, `${flavour.name}-${flavourHash(flavour, kernel)}.ext4`);

/** A script with the whole build inside private mount and process namespaces: a kill leaves neither mounts nor processes. */
async function runTied(script: string, env: Record<string, string>): Promise<void> {
  await runOrFail(...tiedToUs('/bin/sh', ['-euc', script]), {
    env: { ...process.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...env },
  });
}

async function buildBase(place: string, tools: Tools, archive: string): Promise<void> {
  say(`building the base image from ${archive} (about a minute, once)`);
  const draft = `${place}.draft-${process.pid}`;
  const root = join(draft, 'rootfs');
  await mkdir(draft, { recursive: true });
  await writeFile(join(draft, 'sets'), `${recipe.mirrorSets.join('\n')}\n`);
  await writeFile(join(draft, 'hook'), `#!/bin/sh\nset -eu\n${downloadHook}`, { mode: 0o755 });
  const line = (path: string, suite: string): string =>
    `deb [signed-by=${tools.keyring}] ${archive}/${path} ${suite} main`;
  const excluded = ['man', 'doc', 'locale', 'info', 'bash-completion'];
  const mmdebstrap = [
    '--mode=root',
    '--variant=apt',
    `--include=${recipe.basePackages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--dpkgopt=force-unsafe-io',
    ...excluded.map((directory) => `--dpkgopt=path-exclude=/usr/share/${directory}/*`),
    `--customize-hook=${join(draft, 'hook')}`,
    recipe.suite,
    root,
    line('debian', recipe.suite),
    line('debian', `${recipe.suite}-updates`),
    line('debian-security', `${recipe.suite}-security`),
  ];
  const env = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    LAB_SETS: join(draft, 'sets'),
    PATH: `${tools.mmdebstrap}:/usr/sbin:/sbin:${process.env.PATH ?? ''}`,
  };
  await runOrFail(...tiedToUs('mmdebstrap', mmdebstrap), { env });
  say('base packages are in');
  await runTied(finishScript, { ROOT: root, DRAFT: draft });
  const count = await indexRepository(join(draft, 'repository'));
  say(`the package mirror has ${count} packages`);
  await rename(draft, place);
}

async function buildFlavour(place: string, kernel: Kernel, flavour: Flavour): Promise<void> {
  say(`building the image ${flavour.name} (once)`);
  const disk = diskOf(place, flavour, kernel);
  const draft = `${disk}.draft-${process.pid}`;
  const root = join(place, `${flavour.name}.root.draft-${process.pid}`);
  try {
    await runTied(flavourScript, {
      PLACE: place,
      ROOT: root,
      DRAFT: draft,
      PACKAGES: flavour.packages.join('+'),
      PREPARE: flavour.prepare,
      KERNEL: kernel.directory,
      RELEASE: kernel.release,
      OVERLAY: rootfsOverlay,
      PATH: `/usr/sbin:/sbin:${process.env.PATH ?? '/usr/bin:/bin'}`,
    });
    await rename(draft, disk);
  } catch (error) {
    await rm(draft, { force: true });
    throw error instanceof LabProblem ? new LabProblem(`Building ${flavour.name}: ${error.message}`) : error;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
