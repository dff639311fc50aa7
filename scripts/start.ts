/** `npm start`: builds the console when it is not built yet, then serves and opens it. Arguments go to `clockwarden serve`. */
import { spawn } from 'node:child_process';
import { buildConsole, consoleIsFresh } from './console.ts';

if (!consoleIsFresh()) {
  console.log('building the console (once; about ten seconds) …');
  if (!buildConsole()) process.exit(1);
}
const server = spawn(
  process.execPath,
  ['--max-semi-space-size=4', 'packages/cli/main.ts', 'serve', '--open', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
// Ctrl-C reaches the whole foreground group; a plain kill reaches only us.
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => server.kill(signal));
process.on('SIGINT', () => undefined);
server.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
