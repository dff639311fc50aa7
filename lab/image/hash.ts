import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Flavour } from '../flavours/index.ts';
import type { Kernel } from '../kernel/build.ts';
import { recipe } from './recipe.ts';
import { downloadHook, finishScript, flavourScript } from './scripts.ts';

/** Directory of files that are laid over the image's root. */
export const rootfsOverlay = join(import.meta.dirname, 'rootfs');

/** Sixteen hexadecimal digits over what makes the base: packages, scripts, the archive's address. */
export function baseHash(archive: string): string {
  const { suite, basePackages, mirrorSets } = recipe;
  const made = JSON.stringify([suite, basePackages, mirrorSets, downloadHook, finishScript, archive]);
  return createHash('sha256').update(made).digest('hex').slice(0, 16);
}

/** Eight hexadecimal digits over what makes a flavour of the base: its packages and scripts, the lab's own files, the kernel. */
export function flavourHash(flavour: Flavour, { directory, release }: Kernel): string {
  const made = JSON.stringify([flavour.packages, flavour.prepare, flavourScript, directory, release]);
  const hash = createHash('sha256').update(made);
  addOverlay(hash);
  return hash.digest('hex').slice(0, 8);
}

function addOverlay(hash: Hash): void {
  const entries = readdirSync(rootfsOverlay, { recursive: true, withFileTypes: true });
  const lines = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const link = entry.isSymbolicLink() ? readlinkSync(path) : '';
    return [path.slice(rootfsOverlay.length), link, entry.isFile() ? readFileSync(path, 'base64') : ''].join(
      ' ',
    );
  });
  hash.update(lines.sort().join('\n'));
}
