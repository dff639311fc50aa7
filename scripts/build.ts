/** `npm run build`: the console by Vite, then the command as one bundle, into dist/. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type BuildOptions, build } from 'esbuild';
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

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: true,
  // koffi finds its prebuilt binary beside itself and breaks when bundled.
  external: ['koffi'],
  define: { CLOCKWARDEN_VERSION: JSON.stringify(version) },
  // CommonJS parts of dependencies ask for `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
};
// Each thread is a program of its own, found beside the command.
const programs = {
  'packages/cli/main.ts': 'dist/clockwarden.mjs',
  'packages/adapters/ntp/worker.ts': 'dist/ntp-worker.mjs',
  'packages/adapters/store/worker.ts': 'dist/store-worker.mjs',
};
for (const [entry, outfile] of Object.entries(programs))
  await build({ ...shared, entryPoints: [entry], outfile });
cpSync('packages/web/dist', 'dist/console', { recursive: true });
cpSync('LICENSE', 'dist/LICENSE');
writeFileSync(
  'dist/package.json',
  `${JSON.stringify({ name: 'clockwarden', version, license, type: 'module', bin: { clockwarden: 'clockwarden.mjs' }, engines: { node: '>=24' }, dependencies: { koffi: adapters.dependencies.koffi } }, null, 2)}\n`,
);
// The bundle must run where the source tree is not: ask it for its version.
const run = spawnSync(process.execPath, ['dist/clockwarden.mjs', 'version'], { encoding: 'utf8' });
process.stdout.write(run.stdout);
process.stderr.write(run.stderr);
process.exitCode = run.status ?? 1;
