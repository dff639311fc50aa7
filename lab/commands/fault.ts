import pc from 'picocolors';
import { type LabState, loadState } from '../cluster/state.ts';
import { applyFault, faults, undoFault } from '../faults/index.ts';
import { LabProblem } from '../problem.ts';

export interface FaultOptions {
  readonly name: string;
  readonly list?: boolean;
  readonly undo?: string;
  readonly json?: boolean;
}

export function listFaults(): void {
  for (const fault of faults) {
    process.stdout.write(`${pc.bold(fault.name)} <${fault.target}>\n    ${fault.summary}\n`);
    for (const [key, setting] of Object.entries(fault.settings)) {
      const standard = setting.standard === undefined ? '' : ` (${setting.standard})`;
      process.stdout.write(`    ${key}=…  ${setting.summary}${standard}\n`);
    }
  }
}

export function listActive(state: LabState): void {
  if (state.faults.length === 0) process.stdout.write('no fault is in force\n');
  for (const fault of state.faults) {
    const settings = Object.entries(fault.settings).map(([key, value]) => `${key}=${value}`);
    process.stdout.write(`${fault.id}  ${[fault.fault, fault.target, ...settings].join(' ')}\n`);
  }
}

/** `fault NAME TARGET key=value…` puts one in force; `--undo ID|all` ends it. Inside the namespace only. */
export async function changeFaults(words: readonly string[], options: FaultOptions): Promise<void> {
  let state = await loadState(options.name);
  if (options.undo !== undefined) {
    // The latest first: a later fault may have been laid over an earlier one.
    const ids = options.undo === 'all' ? state.faults.map((one) => one.id).reverse() : [Number(options.undo)];
    for (const id of ids) {
      state = await undoFault(state, id);
      process.stdout.write(`fault ${id} is undone\n`);
    }
    return;
  }
  const [name, target, ...settings] = words;
  if (name === undefined || target === undefined) {
    throw new LabProblem('Say which fault, and where: fault step node2 by=+90s. All faults: fault --list');
  }
  const active = await applyFault(state, name, target, settings);
  process.stdout.write(`fault ${active.id}: ${name} on ${target}\n`);
}
