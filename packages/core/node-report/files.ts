/** Files as `grep -sHa ''` prints them: every line with its path before it, so that no content can pose as another file. */
import type { ConfigFile } from '../observe/index.ts';

/** How much of a configuration file is kept, in UTF-16 units of its text. */
export const MAX_FILE_LENGTH = 65_536;

/** Content by path, a newline after each line. An empty file is not there: grep has no line to print. */
export type FileContents = ReadonlyMap<string, string>;

export function parseFiles(output: string): FileContents {
  const lines = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const colon = line.indexOf(':');
    if (!line.startsWith('/') || colon < 0) continue;
    const path = line.slice(0, colon);
    const content = lines.get(path);
    if (content === undefined) lines.set(path, [line.slice(colon + 1)]);
    else content.push(line.slice(colon + 1));
  }
  return new Map([...lines].map(([path, content]) => [path, `${content.join('\n')}\n`]));
}

/** A file of one line, without the newline; null when it is absent or empty. */
export function firstLine(files: FileContents, path: string): string | null {
  const line = files.get(path)?.split('\n', 1)[0]?.trim();
  return line === undefined || line === '' ? null : line;
}

/** The only secret that these files can hold is left out: the password of ntpd's autokey (`crypto pw`, ntp.conf(5)). */
export function configFile(path: string, content: string): ConfigFile {
  const shown = content.replace(/^([ \t]*crypto[ \t](?:[^\n]*[ \t])?pw[ \t]+)[^\s#]+/gm, '$1******');
  const truncated = shown.length > MAX_FILE_LENGTH;
  return { path, content: truncated ? shown.slice(0, MAX_FILE_LENGTH) : shown, truncated };
}
