import type { VariableValue } from './draft.ts';

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * The value of an INI variable as Ansible takes it: a Python literal (quoted text, number, True, False, None), with a
 * comment after it, else the text as it stands, `#` included.
 */
export function pythonLiteral(written: string): VariableValue {
  const text = written.trim();
  const quoted = /^[uU]?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?:#.*)?$/.exec(text);
  const inside = quoted?.[1] ?? quoted?.[2];
  if (inside !== undefined) {
    return inside.replace(/\\(.)/g, (whole, character: string) => escapes[character] ?? whole);
  }
  const word = /^([^\s#]+)\s*(?:#.*)?$/.exec(text)?.[1];
  if (word === undefined) return text;
  if (word === 'True' || word === 'False') return word === 'True';
  if (word === 'None') return null;
  // Python refuses leading zeros, so 0755 stays text.
  if (/^[+-]?(0|[1-9]\d*)$/.test(word) && word.length <= 15) return Number(word);
  if (/^0[xX][0-9a-fA-F]{1,12}$/.test(word)) return Number(word);
  if (/^[+-]?\d{1,15}\.\d{0,15}$/.test(word)) return Number(word);
  return text;
}
