/** Every command of `clockwarden`, one file each. */
import type { Text } from '@clockwarden/core/text';
import type { Command } from 'commander';
import type { CliContext } from '../terminal/index.ts';

export interface CommandSetup {
  /**
   * Wraps a command's action: it receives the context, then commander's own arguments, and returns the exit code.
   * Expected failures are thrown as OperatorError.
   */
  run<Arguments extends unknown[]>(
    action: (context: CliContext, ...args: Arguments) => Promise<number>,
  ): (...args: Arguments) => Promise<void>;
  /** Help texts in the language of the person. */
  t(text: Text): string;
}

export type RegisterCommand = (program: Command, setup: CommandSetup) => void;

/** In the order of the help. Read from the disk when wanted: to read them all takes longer than most of them work. */
const commands: ReadonlyMap<string, () => Promise<RegisterCommand>> = new Map([
  ['check', async () => (await import('./check.ts')).registerCheck],
  ['query', async () => (await import('./query.ts')).registerQuery],
  ['chrony', async () => (await import('./chrony.ts')).registerChrony],
  ['explain', async () => (await import('./explain.ts')).registerExplain],
  ['serve', async () => (await import('./serve.ts')).registerServe],
  ['init', async () => (await import('./init.ts')).registerInit],
  ['lint', async () => (await import('./lint.ts')).registerLint],
  ['plan', async () => (await import('./plan.ts')).registerPlan],
  ['apply', async () => (await import('./apply.ts')).registerApply],
  ['verify', async () => (await import('./verify.ts')).registerVerify],
  ['resync', async () => (await import('./resync.ts')).registerResync],
  ['adopt', async () => (await import('./adopt.ts')).registerAdopt],
  ['rollback', async () => (await import('./rollback.ts')).registerRollback],
  ['history', async () => (await import('./history.ts')).registerHistory],
  ['render', async () => (await import('./render.ts')).registerRender],
  ['version', async () => (await import('./version.ts')).registerVersion],
  ['completion', async () => (await import('./completion.ts')).registerCompletion],
]);

/** The command of that name alone; all of them for any other word, and for the command that is about the others. */
export function commandsFor(name: string | undefined): Promise<readonly RegisterCommand[]> {
  const named = name === undefined || name === 'completion' ? undefined : commands.get(name);
  return Promise.all((named === undefined ? [...commands.values()] : [named]).map((load) => load()));
}
