/** What this machine's files say: /proc, /sys and /etc, below a root that tests and containers may move. */
import { constants, readdirSync, readFileSync } from 'node:fs';
import { access, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  configFile,
  configFileGlobs,
  daemonProcessNames,
  type ProcessSeen,
} from '@clockwarden/core/node-report';
import type { ConfigFile } from '@clockwarden/core/observe';

/** Processes looked at before the event loop gets its turn: half a millisecond. */
const PROCESSES_PER_TURN = 64;

/** Text of a file below the root; null when it cannot be read, for whatever reason. */
export async function textOf(root: string, path: string): Promise<string | null> {
  try {
    return await readFile(join(root, path), 'utf8');
  } catch {
    return null;
  }
}

export async function lineOf(root: string, path: string): Promise<string | null> {
  const line = (await textOf(root, path))?.split('\n', 1)[0]?.trim();
  return line === undefined || line === '' ? null : line;
}

export async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/** Where /etc/localtime points, and whether what it means is there; both as seen below the root. */
export async function localtimeOf(root: string): Promise<{ link: string | null; exists: boolean }> {
  const path = join(root, '/etc/localtime');
  const link = await readlink(path).catch(() => null);
  if (link === null) return { link, exists: await exists(path) };
  return { link, exists: await exists(link.startsWith('/') ? join(root, link) : join(dirname(path), link)) };
}

/** Processes that may be time daemons. Null when /proc is not there. */
export async function processesOf(root: string): Promise<ProcessSeen[] | null> {
  const directory = join(root, '/proc');
  const ids = await readdir(directory).catch(() => []);
  const processes: ProcessSeen[] = [];
  let looked = 0;
  for (const id of ids) {
    if (!/^\d+$/.test(id)) continue;
    looked++;
    if (looked % PROCESSES_PER_TURN === 0) await nextTurn();
    const name = processText(join(directory, id, 'comm'));
    if (!daemonProcessNames.includes(name)) continue;
    processes.push({
      name,
      commandLine: processText(join(directory, id, 'cmdline')),
      cgroup: processText(join(directory, id, 'cgroup')),
    });
  }
  return looked === 0 ? null : processes;
}

/** The kernel answers from memory, ten times faster than a thread pool hands the question over. Ended meanwhile: empty. */
function processText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    return '';
  }
}

export async function configFilesOf(root: string): Promise<ConfigFile[]> {
  const paths = configFileGlobs.flatMap((glob) => expand(root, glob));
  const files = await Promise.all(
    paths.map(async (path) => {
      const content = await textOf(root, path);
      return content === null ? [] : [configFile(path, content)];
    }),
  );
  return files.flat();
}

/** A `*` stands in the last part of the path only. */
function expand(root: string, glob: string): string[] {
  const [before = '', after] = glob.split('*');
  if (after === undefined) return [glob];
  const directory = dirname(glob);
  try {
    return readdirSync(join(root, directory))
      .filter((name) => name.endsWith(after))
      .sort()
      .map((name) => before + name);
  } catch {
    return [];
  }
}
