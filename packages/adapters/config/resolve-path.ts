import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** `~/` is the home directory; anything else is relative to `folder`. */
export function resolvePath(folder: string, path: string): string {
  if (path.startsWith('~/')) return join(homedir(), path.slice(2));
  return resolve(folder, path);
}
