/** The console, built as it ships, into a folder of this process's own. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

let made: Promise<string> | null = null;

/** Folder of the built console; built once a process and removed at its end. */
export function builtConsole(): Promise<string> {
  made ??= (async () => {
    const outDir = await mkdtemp(join(tmpdir(), 'clockwarden-console-built-'));
    const remove = (): void => rmSync(outDir, { recursive: true, force: true });
    process.once('exit', remove);
    // Vitest ends its workers so, and a signal's own way out runs no 'exit' handler.
    process.once('SIGTERM', () => {
      remove();
      process.kill(process.pid, 'SIGTERM');
    });
    await build({
      configFile: fileURLToPath(new URL('../../packages/web/vite.config.ts', import.meta.url)),
      logLevel: 'error',
      build: { outDir, emptyOutDir: true },
    });
    return outDir;
  })();
  return made;
}
