import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Flavour } from '../flavours/index.ts';
import { LabProblem } from '../problem.ts';
import { runOrFail, tiedToUs } from '../process.ts';
import { say } from '../progress.ts';
import { baseHash, flavourHash, rootfsOverlay } from './hash.ts';
import { withLock } from './lock.ts';
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

/** Builds what is missing and returns where everything is. A cached image takes no time at all. */
export async function getImages(cache: string, wanted: readonly Flavour[], archive: string): Promise<Images> {
  const images = join(cache, 'images');
  const place = join(images, baseHash(archive));
  await mkdir(images, { recursive: true });
  const tools = await getTools(cache);
  await withLock(
    join(images, 'lock'),
    () => say('another lab is building images; waiting for it'),
    () => buildMissing(images, place, wanted, tools, archive),
  );
  return {
    kernel: tools.kernel,
    repository: join(place, 'repository'),
    disks: new Map(wanted.map((flavour) => [flavour.name, diskOf(place, flavour)])),
  };
}

async function buildMissing(
  images: string,
  place: string,
  wanted: readonly Flavour[],
  tools: Tools,
  archive: string,
): Promise<void> {
  await removeDrafts(images);
  if (!existsSync(place)) await buildBase(place, tools, archive);
  const now = new Date();
  await utimes(place, now, now);
  await removeForgotten(images, now);
  await removeDrafts(place);
  const missing = wanted.filter((flavour) => !existsSync(diskOf(place, flavour)));
  // Two at a time: unpacking and mkfs keep two cores busy.
  const queue = [...missing];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await buildFlavour(place, tools, next);
  };
  const ended = await Promise.allSettled([worker(), worker()]);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

const diskOf = (place: string, flavour: Flavour): string =>
  join(place, `${flavour.name}-${flavourHash(flavour)}.ext4`);

/** Drafts carry the process id of their builder: one whose builder is gone was left by a kill. */
async function removeDrafts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const builder = /\.draft-(\d+)$/.exec(name)?.[1];
    if (builder !== undefined && Number(builder) !== process.pid && !existsSync(`/proc/${builder}`)) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
}

/** Images that no lab has asked for in two weeks are of recipes that nobody has any more. */
async function removeForgotten(images: string, now: Date): Promise<void> {
  for (const name of await readdir(images)) {
    if (!/^[0-9a-f]{16}$/.test(name)) continue;
    const place = join(images, name);
    const { mtimeMs } = await stat(place);
    if (now.getTime() - mtimeMs > 14 * 86_400_000) await rm(place, { recursive: true, force: true });
  }
}

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

async function buildFlavour(place: string, tools: Tools, flavour: Flavour): Promise<void> {
  say(`building the image ${flavour.name} (once)`);
  const disk = diskOf(place, flavour);
  const draft = `${disk}.draft-${process.pid}`;
  const root = join(place, `${flavour.name}.root.draft-${process.pid}`);
  try {
    await runTied(flavourScript, {
      PLACE: place,
      ROOT: root,
      DRAFT: draft,
      PACKAGES: flavour.packages.join('+'),
      PREPARE: flavour.prepare,
      FROM: tools.modules,
      RELEASE: tools.release,
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
