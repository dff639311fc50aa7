import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inside, namespaceExists, weAreInside } from '../cluster/namespace.ts';
import { loadState } from '../cluster/state.ts';
import { LabProblem } from '../problem.ts';

const lab = join(import.meta.dirname, '../main.ts');

/**
 * Runs the rest of a command inside the lab's network namespace: a process cannot move itself there without native code, so
 * the same command line is started anew behind nsenter. Returns true in the outer process, when all is done.
 */
export async function continueInside(
  name: string,
  args: readonly string[] = process.argv.slice(2),
): Promise<boolean> {
  await loadState(name);
  if (!namespaceExists(name)) {
    throw new LabProblem(
      `The lab "${name}" does not run: its start was cut off, or the machine was restarted. Clear it with "down", then "up".`,
    );
  }
  if (weAreInside(name)) return false;
  process.exitCode = await runInside(name, [process.execPath, lab, ...args]);
  return true;
}

/** Runs a program inside the namespace with our terminal, and returns its exit code. */
export function runInside(name: string, command: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const [first, ...prefix] = inside(name);
    const child = spawn(first, [...prefix, ...command], { stdio: 'inherit' });
    // The terminal sends Ctrl-C to both of us: the child decides, and we report what it decided.
    const wait = (): void => undefined;
    process.on('SIGINT', wait);
    child.on('error', (error) => reject(new LabProblem(`nsenter: ${error.message}`)));
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 137));
    });
  });
}
