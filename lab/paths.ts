import { homedir } from 'node:os';
import { join } from 'node:path';
import { LabProblem } from './problem.ts';

/** A lab's name becomes a directory: 1 to 20 letters, digits and hyphens. */
export function checkLabName(name: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,18}[a-z0-9])?$/.test(name)) {
    throw new LabProblem(
      `"${name}" is not a name for a lab: use 1 to 20 lower-case letters, digits and hyphens.`,
    );
  }
  return name;
}

export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(absolute(env.XDG_CACHE_HOME) ?? join(homedir(), '.cache'), 'clockwarden', 'lab');
}

export function stateRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(absolute(env.XDG_STATE_HOME) ?? join(homedir(), '.local', 'state'), 'clockwarden', 'lab');
}

export function stateDirectory(name: string): string {
  return join(stateRoot(), checkLabName(name));
}

/** The XDG specification says that a relative path is invalid and is to be ignored. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}
