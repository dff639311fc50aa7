import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { stateDirectory } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import { argumentsOf, namespaceExists, processesOf, processIds, removeNamespace } from './namespace.ts';

/** Ends everything that belongs to a lab, and deletes its state. True when there was something. Safe to repeat. */
export async function takeDown(name: string): Promise<boolean> {
  const directory = stateDirectory(name);
  const there = namespaceExists(name) || (await strays(name)).length > 0;
  for (let left = 200; ; left--) {
    const pids = new Set([...processesOf(name), ...(await strays(name))]);
    if (pids.size === 0) break;
    if (left === 0) throw new LabProblem(`These processes of the lab do not end: ${[...pids].join(', ')}.`);
    for (const pid of pids) kill(pid);
    await wait(50);
  }
  await removeNamespace(name);
  const had = await rm(directory, { recursive: true }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  return there || had;
}

/** Processes that name this lab's kernel directory in their arguments, for the case that somebody unmounted its namespace. */
async function strays(name: string): Promise<number[]> {
  const mark = `uml_dir=${stateDirectory(name)}/`;
  const found: number[] = [];
  for (const pid of processIds()) {
    if (pid === process.pid) continue;
    if ((await argumentsOf(pid)).some((argument) => argument.startsWith(mark))) found.push(pid);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
