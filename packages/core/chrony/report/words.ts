import type { ChronySourceMode, ChronySourceState, Leap } from '../../observe/index.ts';
import { outputLines } from '../../output/index.ts';

const leaps: Readonly<Record<string, Leap>> = {
  Normal: 'normal',
  'Insert second': 'insert-second',
  'Delete second': 'delete-second',
  'Not synchronised': 'unsynchronized',
  Invalid: 'unsynchronized',
};

const leapMarks: Readonly<Record<string, Leap>> = {
  N: 'normal',
  '+': 'insert-second',
  '-': 'delete-second',
  '?': 'unsynchronized',
};

export function leapOf(word: string): Leap | null {
  return Object.hasOwn(leaps, word) ? (leaps[word] ?? null) : null;
}

/** The one letter of plain selectdata. */
export function leapOfMark(mark: string): Leap | null {
  return Object.hasOwn(leapMarks, mark) ? (leapMarks[mark] ?? null) : null;
}

const modes: Readonly<Record<string, ChronySourceMode>> = { '^': 'server', '=': 'peer', '#': 'refclock' };

export function modeOf(mark: string): ChronySourceMode | null {
  return Object.hasOwn(modes, mark) ? (modes[mark] ?? null) : null;
}

const states: Readonly<Record<string, ChronySourceState>> = {
  '*': 'selected',
  '+': 'combined',
  '-': 'not-combined',
  '?': 'unusable',
  x: 'falseticker',
  '~': 'jittery',
};

export function stateOf(mark: string): ChronySourceState | null {
  return Object.hasOwn(states, mark) ? (states[mark] ?? null) : null;
}

/** `-`, and 2^32−1 with -c: never. */
export function isNever(word: string): boolean {
  return word === '-' || word === '4294967295';
}

/** What chronyc says instead of a report: `506 Cannot talk to daemon`, `501 Not authorised`. Null: no such line. */
export function chronycError(text: string): string | null {
  for (const line of outputLines(text)) {
    const trimmed = line.trim();
    if (/^5[0-2]\d [A-Z][\w ’',]{3,60}$/.test(trimmed)) return trimmed;
    if (trimmed === 'Could not open connection to daemon') return trimmed;
  }
  return null;
}

/** Rows of a report of many lines: those that read as one. Null when nothing in the text says that it is this report. */
export function rowsOf<T>(
  text: string,
  isHeading: (line: string) => boolean,
  read: (line: string) => T | null,
): readonly T[] | null {
  const lines = outputLines(text).map((line) => line.trim());
  const rows = lines.map(read).filter((row) => row !== null);
  if (rows.length > 0) return rows;
  // With -c a daemon without sources prints nothing at all.
  return lines.some(isHeading) || lines.every((line) => line === '') ? [] : null;
}
