import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Before the lab's first test: what is missing of the kernel and the images takes longer than any test may wait. */
export function setup(): void {
  const build = spawnSync(process.execPath, [join(import.meta.dirname, '../main.ts'), 'build'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 30 * 60_000,
  });
  if (build.status === 0) return;
  const why = build.error?.message ?? build.signal ?? 'it says above why';
  throw new Error(`The kernel or images of the lab could not be built: ${why}`);
}
