import type { ExpertCommand } from '@clockwarden/core/expert-commands';
import type { CliContext } from '../terminal/index.ts';

/** Lines to copy; as JSON with --json. */
export function printExpertCommands(context: CliContext, commands: readonly ExpertCommand[]): void {
  const unique = commands.filter(
    (one, index) => commands.findIndex(({ command }) => command === one.command) === index,
  );
  if (context.json) {
    context.print(
      JSON.stringify(
        unique.map(({ command, meaning }) => ({ command, meaning: context.t(meaning) })),
        null,
        2,
      ),
    );
    return;
  }
  for (const { command, meaning } of unique) {
    context.print(`${command}  ${context.color.dim(`# ${context.t(meaning)}`)}`);
  }
}
