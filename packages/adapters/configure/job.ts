import { parseJob } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import type { NodeLogins } from './logins.ts';
import type { AgentJob } from './node-agent.ts';
import { openShell } from './node-shell.ts';

/** The same bytes for every node; the run's name is read as data, once the shell is done with reading the script. */
const jobScript = `main() {
echo 'clockwarden-job 1'
read -r run || exit 0
case $run in
  *[!0-9A-Za-z-]* | -* | '') exit 0 ;;
esac
cat "/var/lib/clockwarden/runs/$run/job" 2>/dev/null
}
main
`;

/** Files in Base64. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** What a run consists of, by the node that keeps it. Null: the node cannot be asked, or has no such run. Changes nothing. */
export async function readJob(
  node: NodeSpec,
  run: string,
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<AgentJob['actions'] | null> {
  return logins.slots.run(async (answered) => {
    const opened = await openShell(node, logins, {
      signal,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      sudo: 'auto',
      answered,
    });
    if (!opened.ok) return null;
    opened.shell.write(jobScript);
    await opened.shell.hears('clockwarden-job 1');
    opened.shell.write(`${run}\n`);
    opened.shell.endInput();
    const { stdout } = await opened.shell.ended;
    return parseJob(stdout);
  });
}
