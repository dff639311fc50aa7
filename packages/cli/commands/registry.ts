/** Every command of `clockwarden`, one file each. The order is that of the help. */
import type { Text } from '@clockwarden/core/text';
import type { Command } from 'commander';
import type { CliContext } from '../terminal/index.ts';
import { registerAdopt } from './adopt.ts';
import { registerApply } from './apply.ts';
import { registerCheck } from './check.ts';
import { registerChrony } from './chrony.ts';
import { registerCompletion } from './completion.ts';
import { registerExplain } from './explain.ts';
import { registerHistory } from './history.ts';
import { registerInit } from './init.ts';
import { registerLint } from './lint.ts';
import { registerPlan } from './plan.ts';
import { registerQuery } from './query.ts';
import { registerRender } from './render.ts';
import { registerResync } from './resync.ts';
import { registerRollback } from './rollback.ts';
import { registerServe } from './serve.ts';
import { registerVerify } from './verify.ts';
import { registerVersion } from './version.ts';

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

export const commands: readonly RegisterCommand[] = [
  registerCheck,
  registerQuery,
  registerChrony,
  registerExplain,
  registerServe,
  registerInit,
  registerLint,
  registerPlan,
  registerApply,
  registerVerify,
  registerResync,
  registerAdopt,
  registerRollback,
  registerHistory,
  registerRender,
  registerVersion,
  registerCompletion,
];
