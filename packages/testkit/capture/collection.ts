import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Entry {
  /** Below fixtures/. */
  readonly file: string;
  readonly program: string;
  readonly version: string;
  readonly command: string;
  /** What was going on, in words. */
  readonly situation: string;
}

/** Writes captures below one directory of fixtures/, which it empties first, and remembers where each came from. */
export class Collection {
  readonly entries: Entry[] = [];
  readonly #fixtures: string;

  constructor(fixtures: string, directory: string) {
    this.#fixtures = fixtures;
    rmSync(join(fixtures, directory), { recursive: true, force: true });
  }

  add(entry: Entry, content: string | Uint8Array): void {
    const file = join(this.#fixtures, entry.file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    this.entries.push(entry);
  }
}
