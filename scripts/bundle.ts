import { join } from 'node:path';
import { build } from 'esbuild';

/** The command, and the threads that it starts: each is a program of its own, found beside the command. */
export const commandPrograms = {
  clockwarden: 'packages/cli/main.ts',
  'ntp-worker': 'packages/adapters/ntp/worker.ts',
  'store-worker': 'packages/adapters/store/worker.ts',
};

/**
 * Writes each program, name → main module, to `folder` as name.mjs, to run without the tree: for `npm run build` and for
 * the benchmarks. What a program imports only when it is wanted becomes files of their own beside it.
 */
export async function bundle(
  programs: Readonly<Record<string, string>>,
  folder: string,
  version: string,
): Promise<void> {
  for (const [name, main] of Object.entries(programs)) {
    await build({
      absWorkingDir: join(import.meta.dirname, '..'),
      entryPoints: { [name]: main },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
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
      logLevel: 'error',
    });
  }
}
