import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLabName, stateDirectory, stateRoot } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import type { LabNode, Upstream } from './plan.ts';

/** A fault in force: enough to undo it in another process, on another day. */
export interface ActiveFault {
  readonly id: number;
  readonly fault: string;
  readonly target: string;
  readonly settings: Readonly<Record<string, string>>;
  /** What `apply` must remember for `undo`, such as the bytes of a file. */
  readonly memory: string;
}

export interface LabState {
  readonly version: 1;
  readonly name: string;
  readonly kernel: string;
  readonly repository: string;
  readonly memoryMegabytes: number;
  /** Image of each flavour in use. */
  readonly disks: Readonly<Record<string, string>>;
  readonly nodes: readonly LabNode[];
  readonly upstreams: readonly Upstream[];
  readonly faults: readonly ActiveFault[];
  readonly nextFault: number;
}

const fileOf = (name: string): string => join(stateDirectory(name), 'lab.json');

export async function saveState(state: LabState): Promise<void> {
  const file = fileOf(state.name);
  await mkdir(stateDirectory(state.name), { recursive: true, mode: 0o700 });
  // Whole or not at all: the next command must be able to read it after any kill.
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

export async function loadState(name: string): Promise<LabState> {
  const file = fileOf(name);
  if (!existsSync(file)) {
    const others = await labNames();
    const hint = others.length > 0 ? ` There is: ${others.join(', ')} (choose with --name).` : '';
    throw new LabProblem(
      `There is no lab "${name}". Start one with: npm run lab -- up --name ${name}.${hint}`,
    );
  }
  return JSON.parse(await readFile(file, 'utf8')) as LabState;
}

/** Names of all labs that have a state directory, also of those that a kill left half made. */
export async function labNames(): Promise<string[]> {
  const entries = await readdir(stateRoot(), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && isLabName(entry.name)).map((entry) => entry.name);
}

function isLabName(name: string): boolean {
  try {
    checkLabName(name);
    return true;
  } catch {
    return false;
  }
}

export function nodeNamed(state: LabState, name: string): LabNode {
  const node = state.nodes.find((one) => one.name === name);
  if (node) return node;
  throw new LabProblem(`The lab "${state.name}" has no node "${name}" (node1 to node${state.nodes.length}).`);
}
