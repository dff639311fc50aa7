/** Whom a server would answer, by its own word: `chronyc accheck`, which only root may ask (chrony's Unix socket). */
import { isIP } from 'node:net';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { startProgram } from '../child-process/index.ts';
import type { NodeLogins } from './logins.ts';

/**
 * The same bytes for every node. The addresses come on standard input behind it, where no shell reads them.
 *
 *     clockwarden-accheck 1        ready
 *       auto|never PASSWORD        may sudo be tried; its password in Base64, or -
 *       ADDRESS                    each
 *     208 Access allowed           each, in the same order; 209: denied
 */
const accheckScript = `main() {
exec 2>/dev/null
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
echo 'clockwarden-accheck 1'
read -r sudo password || exit 0
checks() {
  while read -r address; do
    echo "accheck $address"
  done
}
if [ "$(id -u)" = 0 ]; then
  checks | chronyc
elif [ "$sudo" != auto ]; then
  :
elif sudo -n true; then
  checks | sudo -n chronyc
elif [ "$password" != - ]; then
  # -k: sudo asks for sure, so that the first line is never taken by chronyc.
  { echo "$password" | base64 -d; echo; checks; } | sudo -k -S -p '' chronyc
fi
exit 0
}
main
`;

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
  const login = logins.open(node);
  if (login === null || addresses.length === 0 || addresses.some((address) => isIP(address) === 0))
    return null;
  const password =
    logins.sudoPassword === undefined ? '-' : Buffer.from(logins.sudoPassword).toString('base64');
  let ready = false;
  const session = startProgram('ssh', [...login.args, 'sh -s'], {
    timeoutMs: logins.config.timeoutSeconds * 1_000,
    signal,
    env: { ...process.env, SSH_ASKPASS_REQUIRE: 'never', DISPLAY: undefined },
    onStdout: (bytes) => {
      if (ready || !Buffer.from(bytes).includes('clockwarden-accheck 1')) return;
      ready = true;
      session.write(`${logins.config.sudo} ${password}\n${addresses.join('\n')}\n`);
      session.endInput();
    },
  });
  session.write(accheckScript);
  const { stdout } = await session.ended;
  return accessOf(stdout, addresses.length);
}

/** Null unless there is an answer to each question. */
export function accessOf(output: string, questions: number): readonly boolean[] | null {
  const answers = [...output.matchAll(/^(208|209) Access (?:allowed|denied)\r?$/gm)];
  return answers.length === questions ? answers.map(([, code]) => code === '208') : null;
}
