/** The command `clockwarden`: reads the command line, runs one command, and alone sets the exit code. */
import { OperatorError } from '@clockwarden/core/errors';
import { type Command, CommanderError } from 'commander';
import { buildProgram, languageOf } from './program.ts';
import { reportError, USAGE_EXIT_CODE } from './report-error.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupt.abort(new Error(signal));
    // A second signal ends at once: the handler is gone.
  });
}

// Nobody reads on, as in `clockwarden check --watch | head`: the same as Ctrl-C, so that nothing is left half-way.
process.stdout.on('error', (error) => interrupt.abort(error));
process.once('uncaughtException', endByBug);

const setExitCode = (code: number): void => {
  process.exitCode = code;
};
let program: Command | undefined;

try {
  const language = languageOf(process.argv, process.env);
  program = await buildProgram(language, interrupt.signal, setExitCode, process.argv.slice(2));
  await program.parseAsync();
  if (interrupt.signal.aborted && process.exitCode === undefined) process.exitCode = 130;
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
  else if (error instanceof OperatorError && program !== undefined)
    process.exitCode = reportError(error, program);
  else if (interrupt.signal.aborted) process.exitCode = 130;
  else endByBug(error);
}

/** sysexits EX_SOFTWARE, so that no script takes a bug for the answer of a command. The stack is for whoever mends it. */
function endByBug(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(70);
}
