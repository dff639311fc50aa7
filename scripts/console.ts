import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';

const BUILT = 'packages/web/dist/index.html';

/** Builds packages/web/dist; false when Vite fails (it has said why). */
export function buildConsole(): boolean {
  return (
    spawnSync('vite', ['build', '--logLevel', 'warn'], { cwd: 'packages/web', stdio: 'inherit' }).status === 0
  );
}

/** True when nothing that the console is made of is newer than its build. */
export function consoleIsFresh(): boolean {
  const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  const parts = ['packages/web', 'packages/api', 'packages/core'].flatMap((room) =>
    globSync(`${room}/**/*.{ts,tsx,css,html,json}`, {
      exclude: ['**/node_modules/**', '**/dist/**', '**/*.test.*'],
    }),
  );
  return parts.every((path) => statSync(path).mtimeMs <= built);
}
