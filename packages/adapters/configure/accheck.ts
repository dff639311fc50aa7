/** Whom a server would answer, by its own word: `chronyc accheck`, which only root may ask (chrony's Unix socket). */
import { isIP } from 'node:net';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { NodeLogins } from './logins.ts';
import { openShell } from './node-shell.ts';

/**
 * The same bytes for every node. The addresses come on standard input behind it, where no shell reads them.
 *
 *     clockwarden-accheck 1        ready
 *       ADDRESS                    each
 *     208 Access allowed           each, in the same order; 209: denied
 */
const accheckScript = `main() {
exec 2>/dev/null
echo 'clockwarden-accheck 1'
while read -r address; do
  echo "accheck $address"
done | chronyc
exit 0
}
main
`;

const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * For each address whether this server would answer it; null: it cannot be asked (no root, no chronyd, no login).
 * @param addresses literals; names are none
 */
export async function askAccess(
  node: NodeSpec,
  addresses: readonly string[],
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<readonly boolean[] | null> {
  if (addresses.length === 0 || addresses.some((address) => isIP(address) === 0)) return null;
  return logins.slots.run(async (answered) => {
    const opened = await openShell(node, logins, { signal, maxOutputBytes: MAX_OUTPUT_BYTES, answered });
    if (!opened.ok) return null;
    const { shell } = opened;
    if (shell.privilege !== 'none') {
      shell.write(accheckScript);
      await shell.hears('clockwarden-accheck 1');
      shell.write(`${addresses.join('\n')}\n`);
    }
    shell.endInput();
    return accessOf((await shell.ended).stdout, addresses.length);
  });
}

/** Null unless there is an answer to each question. */
export function accessOf(output: string, questions: number): readonly boolean[] | null {
  const answers = [...output.matchAll(/^(208|209) Access (?:allowed|denied)\r?$/gm)];
  return answers.length === questions ? answers.map(([, code]) => code === '208') : null;
}
