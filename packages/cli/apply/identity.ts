/** Who runs this, and what a run is called. */
import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';

/** `ann@desk`, for people: who became root by sudo is named as themselves. */
export function operatorName(environment: Readonly<Record<string, string | undefined>>): string {
  return `${environment.SUDO_USER || nameOfUser()}@${hostname()}`;
}

/** `YYYYMMDDTHHMMSSZ-xxxx`: sorts by time. */
export function newRunId(at: Date): string {
  const seconds = at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
  return `${seconds}-${randomBytes(2).toString('hex')}`;
}

/** A container may run under a number that has no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
