import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabProblem } from '../problem.ts';
import { run, runOrFail } from '../process.ts';

/**
 * Linux in user mode starts a program eight times faster from 6.17 on (seccomp instead of ptrace), and Debian's own build of it
 * has no firewall for IPv4. Backports of the stable release have a source that is new enough; this series is the one that was tried.
 */
export const suite = 'trixie-backports';
export const preferred = 'linux-source-7.2';

/**
 * Fetches Debian's source of Linux, its signature checked by apt, and returns its tar archive.
 * @param place an empty directory for it: apt gets lists and a cache of its own, and the machine's stay as they are
 * @param keyring Debian's archive keys
 */
export async function fetchSource(place: string, archive: string, keyring: string): Promise<string> {
  const list = join(place, 'sources.list');
  await writeFile(list, `deb [signed-by=${keyring}] ${archive}/debian ${suite} main\n`);
  await writeFile(join(place, 'status'), '');
  await mkdir(join(place, 'lists/partial'), { recursive: true });
  const own = {
    'Dir::State': place,
    'Dir::State::status': join(place, 'status'),
    'Dir::Cache': place,
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Default-Release': '',
    'APT::Update::Error-Mode': 'any',
    // Another user need not be able to read the cache.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(own).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = async (program: string, ...args: string[]): Promise<string> => {
    const outcome = await run(program, [...options, ...args], { cwd: place });
    if (outcome.code === 0) return outcome.stdout;
    throw new LabProblem(
      `The lab builds its kernel from Debian's source of Linux (${suite}), and apt could not fetch it from ${archive}:\n` +
        outcome.stderr.trim(),
    );
  };
  await apt('apt-get', '-q', 'update');
  const found = await apt('apt-cache', 'search', '--names-only', '^linux-source-[0-9.]+$');
  const packages = found.split('\n').flatMap((line) => line.match(/^\S+/)?.[0] ?? []);
  const newest = packages.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (newest === undefined) throw new LabProblem(`${archive} has no source of Linux in ${suite}.`);
  await apt('apt-get', '-q', 'download', packages.includes(preferred) ? preferred : newest);
  const deb = (await readdir(place)).find((name) => name.endsWith('.deb')) ?? '';
  await runOrFail('dpkg-deb', ['-x', join(place, deb), place]);
  const sources = join(place, 'usr/src');
  const tar = (await readdir(sources)).find((name) => name.startsWith('linux-source-'));
  if (tar === undefined) throw new LabProblem(`${deb} has no archive in usr/src.`);
  return join(sources, tar);
}
