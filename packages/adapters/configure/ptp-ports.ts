/** Whether a node's ptp4l follows a grandmaster, by its own word: `pmc`, whose socket is root's. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { NodeLogins } from './logins.ts';
import { openShell } from './node-shell.ts';

/**
 * The same bytes for every node. A ptp4l of its own unit listens on /run/ptp4l, those of timemaster each on a socket of theirs, and
 * none answers for another domain than its own.
 *
 *     clockwarden-ptp 1            ready
 *       DOMAIN
 *     what pmc prints
 */
export const ptpPortsScript = `main() {
exec 2>/dev/null
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH
echo 'clockwarden-ptp 1'
read -r domain || exit 0
for socket in /run/ptp4l /run/timemaster/ptp4l.*.socket; do
  [ -S "$socket" ] && pmc -u -b 0 -d "$domain" -s "$socket" 'GET PORT_DATA_SET' </dev/null
done
echo end
exit 0
}
main
`;

const MAX_OUTPUT_BYTES = 64 * 1024;

/**
 * The states of its ports (IEEE 1588: `SLAVE`, `UNCALIBRATED`, `LISTENING`, ...); empty: no ptp4l answers; null: it cannot be asked
 * (no root, no login).
 */
export async function askPtpPorts(
  node: NodeSpec,
  domain: number,
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  return logins.slots.run(async (answered) => {
    const opened = await openShell(node, logins, { signal, maxOutputBytes: MAX_OUTPUT_BYTES, answered });
    if (!opened.ok) return null;
    const { shell } = opened;
    if (shell.privilege !== 'none') {
      shell.write(ptpPortsScript);
      await shell.hears('clockwarden-ptp 1');
      shell.write(`${domain}\n`);
    }
    shell.endInput();
    return portStatesOf((await shell.ended).stdout);
  });
}

/** Null: the script did not come to its end. */
export function portStatesOf(output: string): readonly string[] | null {
  if (!/^end$/m.test(output)) return null;
  return [...output.matchAll(/^\s+portState\s+([A-Z_]{1,20})\s*$/gm)].map(([, state = '']) => state);
}
