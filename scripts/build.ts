/** `npm run build`: the console by Vite, then the command without its tree, into dist/. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bundle, commandPrograms } from './bundle.ts';
import { buildConsole } from './console.ts';

const { version, license } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string;
  license: string;
};
const adapters = JSON.parse(readFileSync('packages/adapters/package.json', 'utf8')) as {
  dependencies: Readonly<Record<string, string>>;
};

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
if (!buildConsole()) process.exit(1);

await bundle(commandPrograms, 'dist', version);
cpSync('packages/web/dist', 'dist/console', { recursive: true });
cpSync('LICENSE', 'dist/LICENSE');
writeFileSync(
  'dist/package.json',
  `${JSON.stringify({ name: 'clockwarden', version, license, type: 'module', bin: { clockwarden: 'clockwarden.mjs' }, engines: { node: '>=24' }, dependencies: { koffi: adapters.dependencies.koffi } }, null, 2)}\n`,
);
// What was built must run: the help reads every command in.
for (const word of ['help', 'version']) {
  const run = spawnSync(process.execPath, ['dist/clockwarden.mjs', word], { encoding: 'utf8' });
  if (word === 'version' || run.status !== 0) process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  process.exitCode ||= run.status ?? 1;
}
