import type { ExpertCommand } from '@clockwarden/core/expert-commands';
import type { CliContext } from '../terminal/index.ts';

/** A line to copy, and what it is for. */
export type ShownCommand = Pick<ExpertCommand, 'command' | 'meaning'>;

/** What to type for one node, or wherever `heading` says. */
export interface CommandGroup {
  /** A line above the commands, as a comment. */
  readonly heading: string;
  /** The same for programs. */
  readonly about: Readonly<Record<string, string | null>>;
  readonly commands: readonly ShownCommand[];
}

/** Lines to copy; as JSON with --json. A command that comes twice is printed once. */
export function printExpertCommands(context: CliContext, commands: readonly ShownCommand[]): void {
  if (context.json) context.print(JSON.stringify(asJson(context, commands), null, 2));
  else printLines(context, commands);
}

export function printCommandGroups(context: CliContext, groups: readonly CommandGroup[]): void {
  if (context.json) {
    const json = groups.map(({ about, commands }) => ({ ...about, commands: asJson(context, commands) }));
    context.print(JSON.stringify(json, null, 2));
    return;
  }
  for (const { heading, commands } of groups) {
    context.print(context.color.bold(`# ${heading}`));
    printLines(context, commands);
    context.print('');
  }
}

function printLines(context: CliContext, commands: readonly ShownCommand[]): void {
  for (const { command, meaning } of unique(commands)) {
    context.print(`${command}  ${context.color.dim(`# ${context.t(meaning)}`)}`);
  }
}

function asJson(context: CliContext, commands: readonly ShownCommand[]) {
  return unique(commands).map(({ command, meaning }) => ({ command, meaning: context.t(meaning) }));
}

function unique(commands: readonly ShownCommand[]): readonly ShownCommand[] {
  return commands.filter(
    (one, index) => commands.findIndex(({ command }) => command === one.command) === index,
  );
}
