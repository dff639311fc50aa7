/** What a run left on a node, and what it found there: held against the node before and after it is put back. */
import type { Action, FileChange, WritableState } from './actions.ts';
import type { ConfigureFacts, FileState } from './facts.ts';
import type { JobStep } from './wire-parse.ts';

export type FileStates = ReadonlyMap<string, WritableState>;

/** Each path as the last of the actions left it. @param done indexes of the actions that were done and not put back */
export function filesLeft(steps: readonly JobStep[], done: readonly number[]): FileStates {
  return statesOf(steps.filter((_, index) => done.includes(index)).map(({ action }) => action));
}

/** Each path as the first of the actions found it. */
export function filesFound(steps: readonly JobStep[]): FileStates {
  return statesOf([...steps].reverse().flatMap(({ inverse }) => inverse ?? []));
}

/** Paths that are not so on the node. A path that the facts do not tell of is left out. */
export function otherFiles(
  expected: FileStates,
  { files }: Pick<ConfigureFacts, 'files'>,
): readonly string[] {
  return [...expected].flatMap(([path, state]) => {
    const found = files[path];
    return found === undefined || isSame(found, state) ? [] : [path];
  });
}

/** Of several, the later wins. */
function statesOf(actions: readonly Action[]): FileStates {
  return new Map(actions.flatMap(changesOf).map(({ path, state }) => [path, state]));
}

function changesOf(action: Action): readonly FileChange[] {
  if (action.kind === 'configure-daemon') return action.files;
  return action.kind === 'put-file' ? [action] : [];
}

function isSame(found: FileState, wanted: WritableState): boolean {
  if (found.kind === 'file' && wanted.kind === 'file') {
    return (
      found.content === wanted.content &&
      found.mode === wanted.mode &&
      found.owner === wanted.owner &&
      found.group === wanted.group
    );
  }
  // timedatectl links relatively, tzdata absolutely: the same zone either way.
  if (found.kind === 'link' && wanted.kind === 'link')
    return absolute(found.target) === absolute(wanted.target);
  return found.kind === wanted.kind;
}

function absolute(target: string): string {
  return target.replace(/^\.\.\/usr\//, '/usr/');
}
