import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, commandPrograms } from '../scripts/bundle.ts';

// Inside the tree, so that the bundle finds the native module.
const cache = join(import.meta.dirname, '../node_modules/.cache/clockwarden-bench');
let command: Promise<string> | undefined;

/** The command as it is released; built once. @returns the file to run */
export function bundleCommand(): Promise<string> {
  command ??= bundleInto('clockwarden', commandPrograms);
  return command;
}

/** One program, given from the root of the tree. @returns the file to run */
export function bundleProgram(name: string, main: string): Promise<string> {
  return bundleInto(name, { [name]: main });
}

async function bundleInto(name: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(cache, name);
  rmSync(folder, { recursive: true, force: true });
  await bundle(programs, folder, 'bench');
  return join(folder, `${name}.mjs`);
}
