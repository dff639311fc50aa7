import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** XDG base directories: what outlives a run and is neither configuration nor cache. A relative XDG_STATE_HOME is to be ignored. */
export function stateDirectory(): string {
  const wanted = process.env.XDG_STATE_HOME;
  const state = wanted !== undefined && isAbsolute(wanted) ? wanted : join(homedir(), '.local', 'state');
  return join(state, 'clockwarden');
}
