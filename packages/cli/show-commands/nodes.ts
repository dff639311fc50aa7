/** What an expert would type on each node, by the distribution and the daemon that were found there. */
import type { ClusterAssessment, NodeAssessment } from '@clockwarden/core/assess';
import { type ExpertPurpose, expertCommands } from '@clockwarden/core/expert-commands';
import { text } from '@clockwarden/core/text';
import type { CommandGroup, ShownCommand } from './print.ts';

/** To see once what `check` saw. */
export function commandsToCheck(assessment: ClusterAssessment): readonly CommandGroup[] {
  return assessment.nodes.map((node) => groupOf(node, commandsFor(node, ['state', 'sources', 'timezone'])));
}

/** To go on looking, as `serve` does. */
export function commandsToWatch(assessment: ClusterAssessment): readonly CommandGroup[] {
  return assessment.nodes.map((node) => {
    const commands = commandsFor(node, ['state', 'sources', 'logs']);
    return groupOf(node, [...commands.slice(0, 1).map(watched), ...commands]);
  });
}

/** To see what `lint` looks at. */
export function commandsToReadConfiguration(assessment: ClusterAssessment): readonly CommandGroup[] {
  return assessment.nodes.map((node) => groupOf(node, commandsFor(node, ['configuration'])));
}

function commandsFor(node: NodeAssessment, purposes: readonly ExpertPurpose[]): readonly ShownCommand[] {
  const host = node.observation.facts.host?.value ?? null;
  return purposes.flatMap((purpose) => expertCommands(host, daemonOf(node), purpose));
}

function daemonOf({ observation: { facts } }: NodeAssessment) {
  const running = facts.daemons?.value.find((daemon) => daemon.running)?.kind;
  return facts.sync?.value.daemon ?? running ?? null;
}

function groupOf(node: NodeAssessment, commands: readonly ShownCommand[]): CommandGroup {
  const { name, address } = node.node;
  return { heading: `${name} (${address})`, about: { name, address, daemon: daemonOf(node) }, commands };
}

function watched({ command, meaning }: ShownCommand): ShownCommand {
  return {
    command: `watch -n 15 ${command}`,
    meaning: text(`${meaning.en}, again every 15 s`, `${meaning['zh-CN']}，每 15 秒一次`),
  };
}
