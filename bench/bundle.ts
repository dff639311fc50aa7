import { join } from 'node:path';
import { build } from 'esbuild';

/** The command and the threads that it starts, as they are released. @returns the file to run */
export async function bundleCommand(): Promise<string> {
  const root = join(import.meta.dirname, '..');
  // Inside the tree, so that the bundle finds the native module.
  const folder = join(root, 'node_modules/.cache/clockwarden-bench');
  await build({
    absWorkingDir: root,
    entryPoints: {
      clockwarden: 'packages/cli/main.ts',
      'store-worker': 'packages/adapters/store/worker.ts',
      'ntp-worker': 'packages/adapters/ntp/worker.ts',
    },
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
  return join(folder, 'clockwarden.mjs');
}
