/** The first line of a chrony.conf of ours. It tells for which chronyd the file is, where that one lacks what others have. */
import { type ChronyVersion, parseChronyVersion } from './directives.ts';

const HEADER = '# Written by Clockwarden from clockwarden.yaml';

/** @param version of a chronyd for which something had to be left out; null: the file is right for every one that reads it */
export function writtenHeader(version: ChronyVersion | null): string {
  return version === null ? `${HEADER}.` : `${HEADER} for chronyd ${version.join('.')}.`;
}

export function isWrittenHeader(line: string): boolean {
  return line.startsWith(HEADER);
}

/** Null: it does not say, or somebody else wrote it. */
export function writtenFor(content: string): ChronyVersion | null {
  const [first = ''] = content.split(/\r?\n/, 1);
  const version = isWrittenHeader(first) ? / for chronyd ([\d.]+)\.$/.exec(first)?.[1] : undefined;
  return version === undefined ? null : parseChronyVersion(version);
}
