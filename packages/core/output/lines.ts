/** The text that a tool printed, as a person pastes it: with prompts, indentation, Windows line ends, colours. */

/** A line longer than this is no tool's; it is kept short so that nothing can make a parser slow. */
const LONGEST_LINE = 1_000;

/** Nothing of a paste may move a terminal's cursor or turn the direction of writing; a tab is a blank. */
const invisible = /[\p{Cc}\p{Bidi_Control}]/gu;

const terminalCodes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]{0,16}[A-Za-z]`, 'g');

/** Lines without line ends, terminal codes, a byte order mark and trailing blanks; leading blanks stay. */
export function outputLines(text: string): string[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .map((line) =>
      line
        .slice(0, LONGEST_LINE)
        .replace(terminalCodes, '')
        .replace(invisible, ' ')
        .replace(/\u00a0/g, ' ')
        .trimEnd(),
    );
}

export interface Labelled {
  readonly label: string;
  readonly value: string;
}

/** `Root delay      : 0.001 seconds` → label and value, cut at the first colon. Null without a label. */
export function labelled(line: string): Labelled | null {
  const at = line.indexOf(':');
  if (at <= 0) return null;
  const label = line.slice(0, at).trim();
  return label === '' ? null : { label, value: line.slice(at + 1).trim() };
}

/** `NTPSynchronized=yes` → name and value. Null where no name stands before the equals sign. */
export function assignment(line: string): Labelled | null {
  const match = /^\s*([A-Za-z][A-Za-z0-9_]*)=(.*)$/.exec(line);
  return match === null ? null : { label: match[1] ?? '', value: (match[2] ?? '').trim() };
}

/** All labels of a text; the first of two equal ones wins. */
export function labelledValues(
  text: string,
  split: (line: string) => Labelled | null = labelled,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of outputLines(text)) {
    const found = split(line);
    if (found !== null && !values.has(found.label)) values.set(found.label, found.value);
  }
  return values;
}
