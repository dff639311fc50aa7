import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
// Inside the tree, so that the bundle finds the native module.
const folder = join(root, 'node_modules/.cache/clockwarden-bench');
let command: Promise<string> | undefined;

/** The command and the threads that it starts, as they are released; built once. @returns the file to run */
export function bundleCommand(): Promise<string> {
  command ??= bundle({
    clockwarden: 'packages/cli/main.ts',
    'store-worker': 'packages/adapters/store/worker.ts',
    'ntp-worker': 'packages/adapters/ntp/worker.ts',
  }).then(() => join(folder, 'clockwarden.mjs'));
  return command;
}

/** One program, given from the root of the tree. @returns the file to run */
export async function bundleProgram(name: string, entry: string): Promise<string> {
  await bundle({ [name]: entry });
  return join(folder, `${name}.mjs`);
}

async function bundle(entryPoints: Readonly<Record<string, string>>): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: ['koffi'],
    define: { CLOCKWARDEN_VERSION: '"bench"' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
}
