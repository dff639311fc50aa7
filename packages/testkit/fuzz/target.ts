/**
 * A parser under attack. `x.fuzz.ts` beside the parser exports `fuzz`, one target or several:
 *
 *     export const fuzz: FuzzTarget = { name: 'chrony-packet', run: (input) => void decodeReply(input), seeds };
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface FuzzTarget {
  /** Unique, in kebab case: `npm run fuzz -- --only NAME`. */
  readonly name: string;
  /** Gives the input to the parser. Declared failures are caught here; whatever is thrown is a finding. */
  run(input: Uint8Array): void;
  /** Good inputs from which the bad ones are bred; without them, bytes out of nothing. */
  seeds?(): Uint8Array[];
}

export interface FoundTarget {
  readonly target: FuzzTarget;
  readonly file: string;
}

/** Every target below `root`, sorted by name. Throws on a file that exports none and on a name used twice. */
export async function findTargets(root: string): Promise<readonly FoundTarget[]> {
  const files = globSync('packages/**/*.fuzz.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'dist',
  }).sort();
  const found: FoundTarget[] = [];
  for (const relative of files) {
    const file = join(root, relative);
    const { fuzz } = (await import(pathToFileURL(file).href)) as {
      fuzz?: FuzzTarget | readonly FuzzTarget[];
    };
    if (fuzz === undefined) throw new Error(`${relative} exports no \`fuzz\``);
    for (const target of [fuzz].flat()) {
      if (found.some((other) => other.target.name === target.name)) {
        throw new Error(`${relative}: the name ${target.name} is taken`);
      }
      found.push({ target, file });
    }
  }
  return found.sort((a, b) => (a.target.name < b.target.name ? -1 : 1));
}

/** The seeds of a target, never empty. */
export function seedsOf(target: FuzzTarget): readonly Uint8Array[] {
  const seeds = target.seeds?.() ?? [];
  return seeds.length > 0
    ? seeds
    : [new Uint8Array(), new Uint8Array(64), new TextEncoder().encode('a 1\nb 2\n')];
}
