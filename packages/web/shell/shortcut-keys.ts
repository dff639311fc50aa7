/** Which keys do what, apart from the page: keys in, command out. */

export type ShortcutCommand = 'search' | 'overview' | 'nodes' | 'explain' | 'help';

const SEQUENCE_MS = 1_200;
const storageKey = 'clockwarden.shortcuts';

export function shortcutsEnabled(): boolean {
  return localStorage.getItem(storageKey) !== 'off';
}

/** Single-letter keys get in the way of speech input: they can be turned off (WCAG 2.1.4). */
export function setShortcutsEnabled(enabled: boolean): void {
  localStorage.setItem(storageKey, enabled ? 'on' : 'off');
}

/** Remembers a pending `g`; `now` in milliseconds. */
export function createKeyReader(): (key: string, now: number) => ShortcutCommand | null {
  let pendingSince: number | null = null;
  return (key, now) => {
    const pending = pendingSince !== null && now - pendingSince <= SEQUENCE_MS;
    pendingSince = null;
    if (pending && key === 'n') return 'nodes';
    if (pending && key === 'o') return 'overview';
    if (pending && key === 'e') return 'explain';
    if (key === 'g') pendingSince = now;
    if (key === '/') return 'search';
    return key === '?' ? 'help' : null;
  };
}
