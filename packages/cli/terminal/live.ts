import { stripVTControlCharacters } from 'node:util';
import type { CliContext } from './context.ts';
import { width } from './width.ts';

export interface LiveLines {
  /** Draws the block anew below whatever was printed meanwhile. */
  refresh(): void;
  /** Prints above the block. */
  print(line: string): void;
  /** Takes the block away. */
  end(): void;
}

/** Waits show their seconds. */
const REDRAW_MS = 500;

/** A block of lines at the bottom of the terminal that is renewed while something runs; null where no person looks. */
export function liveLines(context: CliContext, lines: () => readonly string[]): LiveLines | null {
  if (!context.interactive || context.json) return null;
  const out = process.stdout;
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) out.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const refresh = (): void => {
    erase();
    // What is higher than the terminal cannot be taken away again.
    const shown = lines().slice(0, Math.max(1, (out.rows ?? 24) - 2));
    for (const line of shown) out.write(`${fitted(line, (out.columns ?? 80) - 1)}\n`);
    drawn = shown.length;
  };
  const repeat = setInterval(refresh, REDRAW_MS);
  return {
    refresh,
    print: (line) => {
      erase();
      context.print(line);
      refresh();
    },
    end: () => {
      clearInterval(repeat);
      erase();
    },
  };
}

/** A line that wrapped could not be taken away again: one that is too long loses its end, and its colours. */
function fitted(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  const plain = [...stripVTControlCharacters(line)];
  while (width(plain.join('')) > columns - 1) plain.pop();
  return `${plain.join('')}…`;
}
