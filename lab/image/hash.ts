import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Flavour } from '../flavours/index.ts';
import { recipe } from './recipe.ts';
import { downloadHook, finishScript, flavourScript } from './scripts.ts';

/** Directory of files that are laid over the image's root. */
export const rootfsOverlay = join(import.meta.dirname, 'rootfs');

/** Sixteen hexadecimal digits over what makes the base: packages, scripts, files, the archive's address. */
export function baseHash(archive: string): string {
  const hash = createHash('sha256').update(JSON.stringify([recipe, downloadHook, finishScript, archive]));
  const entries = readdirSync(rootfsOverlay, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(file.slice(rootfsOverlay.length)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Eight hexadecimal digits over what a flavour adds to the base. */
export function flavourHash(flavour: Flavour): string {
  const made = JSON.stringify([flavour.packages, flavour.prepare, flavourScript]);
  return createHash('sha256').update(made).digest('hex').slice(0, 8);
}
