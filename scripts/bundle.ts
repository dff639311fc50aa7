import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

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
      // Less to read at each start; names stay, for whoever reads a stack.
      minifyWhitespace: true,
      minifySyntax: true,
      // koffi finds its prebuilt binary beside itself and breaks when bundled.
      external: ['koffi'],
      define: { CLOCKWARDEN_VERSION: JSON.stringify(version) },
      // CommonJS parts of dependencies ask for `require`.
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
      },
      plugins: [withoutZodsLanguages],
      logLevel: 'error',
    });
  }
}

/** zod brings its messages in fifty languages, half of its size; ours are our own. */
const withoutZodsLanguages: Plugin = {
  name: 'without-zods-languages',
  setup(build) {
    build.onResolve({ filter: /locales\/index\.js$/ }, ({ resolveDir, importer }) =>
      importer.includes('/zod/') ? { path: join(resolveDir, '../locales/en.js') } : null,
    );
  },
};
