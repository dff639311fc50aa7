import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseChronyConf } from '@clockwarden/core/chrony-conf';
import type { ConfigFile } from '@clockwarden/core/observe';

/** The folders that `confdir` names. */
function confdirs(content: string): readonly string[] {
  return parseChronyConf(content).directives.flatMap(({ name, args }) => (name === 'confdir' ? args : []));
}

/**
 * What the `confdir` of this machine's own chrony.conf draws in; chronyd takes an absent folder for an empty one. Null
 * for a file that lies elsewhere: its folders are those of another machine.
 */
export function drawnInHere(path: string, content: string): readonly string[] | null {
  if (path !== '/etc/chrony/chrony.conf' && path !== '/etc/chrony.conf') return null;
  try {
    return confdirs(content).flatMap((folder) =>
      filesIn(folder).map((name) => readFileSync(join(folder, name), 'utf8')),
    );
  } catch {
    return null;
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.conf'));
  } catch {
    return [];
  }
}

/** The same on a node whose files were read: null when `confdir` names a folder beyond them. */
export function drawnInThere(content: string, files: readonly ConfigFile[]): readonly string[] | null {
  const folders = confdirs(content);
  if (folders.some((folder) => !['/etc/chrony/conf.d', '/etc/chrony.d'].includes(folder))) return null;
  return files
    .filter(({ path }) => folders.includes(dirname(path)) && path.endsWith('.conf'))
    .map((file) => file.content);
}
