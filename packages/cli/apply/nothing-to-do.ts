import type { Text } from '@clockwarden/core/text';
import type { CliContext } from '../terminal/index.ts';

/** No node needs anything: says so. Returns the exit code. */
export function nothingToDo({ json, print, t }: CliContext, words: Text): number {
  const event = { event: 'nothing-to-do', at: new Date().toISOString(), text: t(words) };
  print(json ? JSON.stringify(event) : t(words));
  return 0;
}
