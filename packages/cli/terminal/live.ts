import { stripVTControlCharacters } from 'node:util';
import { text } from '@clockwarden/core/text';
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

/** Of a terminal that does not know its own, as one that a program made. */
const USUAL = { columns: 80, rows: 24 };

/**
 * A block of lines at the bottom of the terminal that is renewed while something runs; null where no person looks.
 * @param lines the most important first: what the terminal has no room for is left out at the end, and that is said
 */
export function liveLines(
  context: CliContext,
  lines: (columns: number) => readonly string[],
): LiveLines | null {
  if (!context.interactive || context.json) return null;
  const { screen } = context;
  let drawn = 0;
  const erased = (): string => {
    const sequence = drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : '';
    drawn = 0;
    return sequence;
  };
  const refresh = (): void => {
    const columns = (screen.columns || USUAL.columns) - 1;
    const rows = Math.max(1, (screen.rows || USUAL.rows) - 2);
    const shown = withRoom(context, lines(columns), rows).map((line) => `${fitted(line, columns)}\n`);
    screen.write(`${erased()}${shown.join('')}`);
    drawn = shown.length;
  };
  const repeat = setInterval(refresh, REDRAW_MS);
  return {
    refresh,
    print: (line) => {
      screen.write(erased());
      context.print(line);
      refresh();
    },
    end: () => {
      clearInterval(repeat);
      screen.write(erased());
    },
  };
}

/** What is higher than the terminal could not be taken away again. */
function withRoom({ color, t }: CliContext, lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const left = lines.length - (rows - 1);
  const more = t(text(`… and ${left} more lines`, `… 另有 ${left} 行`));
  return [...lines.slice(0, rows - 1), color.dim(more)];
}

/** A line that wrapped could not be taken away again: one that is too long loses its end, and its colours. */
function fitted(line: string, columns: number): string {
  if (width(line) <= columns) return line;
  const plain = [...stripVTControlCharacters(line)];
  while (plain.length > 0 && width(plain.join('')) > columns - 1) plain.pop();
  return `${plain.join('')}…`;
}
