import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabProblem } from '../problem.ts';
import { run, runOrFail } from '../process.ts';
import { say } from '../progress.ts';

export interface Tools {
  /** Its bin directory has mmdebstrap and mmtarfilter. */
  readonly mmdebstrap: string;
  readonly keyring: string;
}

const packages = ['mmdebstrap', 'debian-archive-keyring'];

/** The builder's tools, unpacked from the machine's own archive into the cache: nothing is installed. */
export async function getTools(cache: string): Promise<Tools> {
  const place = join(cache, 'builder');
  if (!existsSync(place)) await unpack(place);
  return {
    mmdebstrap: join(place, 'usr/bin'),
    keyring: join(place, 'usr/share/keyrings/debian-archive-keyring.gpg'),
  };
}

async function unpack(place: string): Promise<void> {
  say(`fetching ${packages.join(', ')}`);
  const draft = `${place}.${process.pid}`;
  await mkdir(join(draft, 'lists/partial'), { recursive: true });
  // Lists of its own: those of the machine may be empty, old, or just being written.
  const settings = [
    `Dir::State::lists=${join(draft, 'lists')}`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    // Another user need not be able to read the cache.
    'APT::Sandbox::User=root',
  ];
  const own = ['-q', ...settings.flatMap((setting) => ['-o', setting])];
  const updated = await run('apt-get', [...own, 'update'], { cwd: draft });
  const got = await run('apt-get', [...own, 'download', ...packages], { cwd: draft });
  if (got.code !== 0) {
    await rm(draft, { recursive: true });
    throw new LabProblem(
      `The lab needs Debian's packages ${packages.join(', ')}, and apt-get could not download them:\n` +
        `${updated.stderr.trim()}\n${got.stderr.trim()}\n` +
        'On Ubuntu they are in the component universe.',
    );
  }
  await rm(join(draft, 'lists'), { recursive: true });
  for (const file of await readdir(draft)) {
    if (file.endsWith('.deb')) await runOrFail('dpkg-deb', ['-x', join(draft, file), draft]);
  }
  // Two labs may do this at once: the first one to finish wins.
  await rename(draft, place).catch(() => rm(draft, { recursive: true }));
}
