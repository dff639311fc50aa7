/**
 * An action as one line for the agent on the node: `kind WORD ...`, each word in Base64 (`-`: empty), so that no value
 * meets a shell. The agent's functions take the words in this order.
 */
import type { Action, FileChange, WritableState } from './actions.ts';
import { toBase64, utf8Bytes } from './base64.ts';
import type { UnitState } from './facts.ts';

export function wireOf(action: Action): string {
  return [action.kind, ...wordsOf(action)].join(' ');
}

function wordsOf(action: Action): readonly string[] {
  switch (action.kind) {
    case 'fetch-packages':
      return action.packages.map(word);
    // PACKAGE COUNT REMOVED... PURGED...
    case 'install-package':
      return [
        word(action.package),
        word(String(action.removes.length)),
        ...action.removes.map(word),
        ...action.purge.map(word),
      ];
    // PACKAGE yes|no
    case 'remove-package':
      return [word(action.package), flag(action.purge)];
    // DAEMON UNIT, then a file each
    case 'configure-daemon':
      return [word(action.daemon), word(action.unit), ...action.files.flatMap(fileWords)];
    // UNIT active enabled masked, for each unit
    case 'set-units':
      return Object.entries(action.units).flatMap(([unit, state]) => [word(unit), ...unitWords(state)]);
    case 'put-file':
      return fileWords(action);
    // BACKEND NETWORK...
    case 'open-firewall':
    case 'close-firewall':
      return [word(action.backend), ...action.networks.map(word)];
    // DAEMON UNIT
    case 'resync':
      return [word(action.daemon), word(action.unit)];
  }
}

/** Always six: PATH, `file` MODE OWNER GROUP CONTENT | `link` TARGET - - - | `absent` - - - -. The mode is octal; CONTENT is the file itself. */
function fileWords({ path, state }: FileChange): readonly string[] {
  return [word(path), ...stateWords(state)];
}

function stateWords(state: WritableState): readonly string[] {
  switch (state.kind) {
    case 'file':
      return [
        word('file'),
        word(state.mode.toString(8)),
        word(state.owner),
        word(state.group),
        state.content === '' ? '-' : state.content,
      ];
    case 'link':
      return [word('link'), word(state.target), '-', '-', '-'];
    case 'absent':
      return [word('absent'), '-', '-', '-', '-'];
  }
}

function unitWords({ active, enabled, masked }: UnitState): readonly string[] {
  return [flag(active), flag(enabled), flag(masked)];
}

function flag(value: boolean): string {
  return word(value ? 'yes' : 'no');
}

function word(value: string): string {
  return value === '' ? '-' : toBase64(utf8Bytes(value));
}
