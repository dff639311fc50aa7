import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { LabState } from '../cluster/state.ts';
import { stateDirectory } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import { callServices } from './control.ts';

/** Starts the process that serves time, packages and names to the nodes, and waits until it answers. */
export async function startServices(state: LabState): Promise<void> {
  const directory = stateDirectory(state.name);
  const log = openSync(join(directory, 'services.log'), 'a');
  const line = [join(import.meta.dirname, '../main.ts'), 'services', '--name', state.name];
  const child = spawn(process.execPath, line, {
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  for (let left = 200; left > 0 && !ended; left--) {
    if (await callServices(state.name, { ask: 'status' }).catch(() => null)) return;
    await wait(50);
  }
  throw new LabProblem(`The lab's services did not start; see ${join(directory, 'services.log')}.`);
}
