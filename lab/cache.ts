import { existsSync } from 'node:fs';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Drafts carry the process id of their builder: one whose builder is gone was left by a kill. */
export async function removeDrafts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const builder = /\.draft-(\d+)$/.exec(name)?.[1];
    if (builder !== undefined && Number(builder) !== process.pid && !existsSync(`/proc/${builder}`)) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
}

/** Marks what is under this hash as used now, and removes what nobody has used for two weeks: its recipe is gone. */
export async function keepUsed(directory: string, hash: string): Promise<void> {
  const now = new Date();
  await utimes(join(directory, hash), now, now);
  for (const name of await readdir(directory)) {
    if (!/^[0-9a-f]{16}$/.test(name)) continue;
    const place = join(directory, name);
    const { mtimeMs } = await stat(place);
    if (now.getTime() - mtimeMs > 14 * 86_400_000) await rm(place, { recursive: true, force: true });
  }
}
