/**
 * Splits a line into words as POSIX shells do (quotes and backslashes; nothing is expanded), the way Ansible reads a
 * host line and the arguments of ssh. Null when a quote is not closed or nothing follows a backslash.
 */
export function shellWords(
  line: string,
  options: { readonly comments?: boolean } = {},
): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '#' && options.comments === true) {
      // Ansible's reader (Python's shlex) starts a comment here even inside a word.
      break;
    } else if (character === "'" || character === '"') {
      const quoted = quotedPart(line, at, character);
      if (quoted === null) return null;
      word = (word ?? '') + quoted.value;
      at = quoted.end;
    } else if (character === '\\') {
      at += 1;
      if (at >= line.length) return null;
      word = (word ?? '') + line.charAt(at);
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  return words;
}

function quotedPart(line: string, start: number, quote: string) {
  let value = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === quote) return { value, end: at };
    const next = line.charAt(at + 1);
    // Inside double quotes a backslash counts only before a quote and another backslash.
    if (quote === '"' && character === '\\' && (next === '"' || next === '\\')) {
      value += next;
      at += 1;
    } else {
      value += character;
    }
  }
  return null;
}
