/** Whom a server would answer, by its own word: `chronyc accheck`, which only root may ask (chrony's Unix socket). */
import { isIP } from 'node:net';
import type { ServerAccess } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import ipaddr from 'ipaddr.js';
import { resolveHost } from '../ntp/index.ts';
import type { NodeLogins } from './logins.ts';
import { openShell } from './node-shell.ts';
import { strangerTo } from './stranger.ts';

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
 * Whom this server would answer of these clients, and whether a stranger to `allow`; null: it cannot be asked (no root, no
 * chronyd, no login). A client that is given by name has the addresses that this machine resolves; one of them is enough.
 * Where none is served nothing is known: the server may see it by another one than this machine.
 */
export async function askAccess(
  server: NodeSpec,
  clients: readonly NodeSpec[],
  allow: readonly string[],
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<ServerAccess | null> {
  const asked = await Promise.all(
    clients.map(async ({ name, address }): Promise<AskedClient> => {
      if (isIP(address) !== 0) return { name, addresses: [address], isNamed: false };
      const found = await resolveHost(address, logins.config.timeoutSeconds, signal);
      return { name, addresses: found.ok ? found.addresses.filter(isSeenByServers) : [], isNamed: true };
    }),
  );
  const stranger = strangerTo(allow);
  const addresses = asked.flatMap((client) => client.addresses);
  const questions = stranger === null ? addresses : [...addresses, stranger];
  const answers = await ask(server, questions, logins, signal);
  return answers === null ? null : accessBy(asked, stranger, new Map(zip(questions, answers)));
}

interface AskedClient {
  readonly name: string;
  readonly addresses: readonly string[];
  /** The addresses are what this machine resolved. */
  readonly isNamed: boolean;
}

/** A name may be that of this machine, whose hosts file has a loopback address for it: servers see another. */
function isSeenByServers(address: string): boolean {
  return !['loopback', 'linkLocal'].includes(ipaddr.parse(address).range());
}

/** @param served by address */
export function accessBy(
  clients: readonly AskedClient[],
  stranger: string | null,
  served: ReadonlyMap<string, boolean>,
): ServerAccess {
  const named = (wanted: (client: AskedClient) => boolean): readonly string[] =>
    clients.filter(wanted).map(({ name }) => name);
  const isServed = ({ addresses }: AskedClient): boolean => addresses.some((one) => served.get(one) === true);
  return {
    refused: named((client) => !client.isNamed && !isServed(client)),
    allowed: named(isServed),
    unknown: named((client) => client.isNamed && !isServed(client)),
    stranger: stranger === null ? null : { address: stranger, served: served.get(stranger) === true },
  };
}

function zip(
  questions: readonly string[],
  answers: readonly boolean[],
): readonly (readonly [string, boolean])[] {
  return questions.map((question, index) => [question, answers[index] === true]);
}

/** For each address whether the server would answer it. */
async function ask(
  server: NodeSpec,
  addresses: readonly string[],
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<readonly boolean[] | null> {
  if (addresses.length === 0) return [];
  return logins.slots.run(async (answered) => {
    const opened = await openShell(server, logins, { signal, maxOutputBytes: MAX_OUTPUT_BYTES, answered });
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
