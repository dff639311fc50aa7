import type { ClusterAssessment } from '@clockwarden/core/assess';
import { expertCommands } from '@clockwarden/core/expert-commands';
import type { CliContext } from '../terminal/index.ts';

/** For each node what an expert would type there to see what `check` saw. */
export function printCommands(context: CliContext, assessment: ClusterAssessment): void {
  const nodes = assessment.nodes.map(({ node, observation }) => {
    const { host, sync, daemons } = observation.facts;
    const running = daemons?.value.find((daemon) => daemon.running)?.kind;
    const daemon = sync?.value.daemon ?? running ?? null;
    const commands = (['state', 'sources', 'timezone'] as const).flatMap((purpose) =>
      expertCommands(host?.value ?? null, daemon, purpose),
    );
    return { name: node.name, address: node.address, daemon, commands };
  });
  if (context.json) {
    context.print(
      JSON.stringify(
        nodes.map((node) => ({
          ...node,
          commands: node.commands.map(({ command, meaning }) => ({ command, meaning: context.t(meaning) })),
        })),
        null,
        2,
      ),
    );
    return;
  }
  for (const node of nodes) {
    context.print(context.color.bold(`# ${node.name} (${node.address})`));
    for (const { command, meaning } of node.commands) {
      context.print(`${command}  ${context.color.dim(`# ${context.t(meaning)}`)}`);
    }
    context.print('');
  }
}
