/** Whether a node is what it was before the runs that were put back. */
import { type ConfigureFacts, clockUnits, filesFound, otherFiles } from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';
import type { UndoneRun } from './prepare.ts';

/** Null: it is. @param runs newest first @param facts of the node as it is now */
export function notBack(runs: readonly UndoneRun[], facts: ConfigureFacts): Text | null {
  const found = new Map(runs.flatMap(({ job }) => (job === null ? [] : [...filesFound(job)])));
  const files = otherFiles(found, facts);
  if (files.length > 0) {
    return text(`Not what it was: ${files.join(', ')}.`, `未恢复原状：${files.join('、')}。`);
  }
  const missing = missingPackages(runs, facts);
  if (missing.length > 0) {
    return text(`Not installed again: ${missing.join(', ')}.`, `未重新安装：${missing.join('、')}。`);
  }
  const running = runningDaemons(facts);
  if (running.length > 0 || !hadDaemon(runs)) return null;
  return text('No time daemon runs.', '没有时间守护进程在运行。');
}

/** Units that correct the clock and are active; names of one unit by another name once. */
function runningDaemons({ units }: ConfigureFacts): readonly string[] {
  return clockUnits.filter((unit) => units[unit]?.active === true);
}

/** What the oldest of the runs removed is to be there again. */
function missingPackages(runs: readonly UndoneRun[], { packages }: ConfigureFacts): readonly string[] {
  const wanted = (runs.at(-1)?.job ?? []).flatMap(({ inverse }) =>
    inverse?.kind === 'install-package' ? [inverse.package] : [],
  );
  return wanted.filter((name) => packages[name]?.installed == null);
}

/** A run that installed a daemon and removed none found a node without, and so did one that started a unit and stopped none. */
function hadDaemon(runs: readonly UndoneRun[]): boolean {
  const job = runs.at(-1)?.job ?? null;
  if (job === null) return true;
  return job.every(
    ({ inverse }) =>
      inverse?.kind !== 'remove-package' &&
      !(inverse?.kind === 'set-units' && Object.values(inverse.units).every(({ active }) => !active)),
  );
}
