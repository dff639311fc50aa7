#!/usr/bin/env -S node --max-semi-space-size=4
// The option keeps `serve` over ten thousand nodes below 400 MiB; V8 takes it at its start only.
/** The command `clockwarden`: reads the command line, runs one command, and alone sets the exit code. */
import { OperatorError } from '@clockwarden/core/errors';
import { CommanderError } from 'commander';
import { buildProgram, languageOf } from './program.ts';
import { reportError, USAGE_EXIT_CODE } from './report-error.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupt.abort(new Error(signal));
    // A second signal ends at once: the handler is gone.
  });
}

const program = buildProgram(languageOf(process.argv, process.env), interrupt.signal, (code) => {
  process.exitCode = code;
});

try {
  await program.parseAsync();
  if (interrupt.signal.aborted && process.exitCode === undefined) process.exitCode = 130;
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
  else if (error instanceof OperatorError) process.exitCode = reportError(error, program);
  else if (interrupt.signal.aborted) process.exitCode = 130;
  else throw error;
}
