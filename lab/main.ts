#!/usr/bin/env node
/** The lab's command line: a cluster of real systemd nodes on this machine. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import pc from 'picocolors';
import { cacheRoot } from './paths.ts';
import { LabProblem } from './problem.ts';

// Most commands start twice, outside and inside the namespace: without the cache each start costs a quarter of a second.
enableCompileCache(join(cacheRoot(), 'compiled'));
const { program } = await import('./commands/program.ts');

try {
  await program().parseAsync();
} catch (error) {
  if (!(error instanceof LabProblem)) throw error;
  process.stderr.write(`${pc.red('lab:')} ${error.message}\n`);
  process.exitCode = 1;
}
