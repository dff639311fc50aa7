#!/usr/bin/env node
/** The lab's command line: a cluster of real systemd nodes on this machine. */
import pc from 'picocolors';
import { program } from './commands/program.ts';
import { LabProblem } from './problem.ts';

try {
  await program().parseAsync();
} catch (error) {
  if (!(error instanceof LabProblem)) throw error;
  process.stderr.write(`${pc.red('lab:')} ${error.message}\n`);
  process.exitCode = 1;
}
