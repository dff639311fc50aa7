import { text } from '@clockwarden/core/text';
import { Option } from 'commander';
import type { CommandSetup } from '../commands/registry.ts';

/** The same on every command: what an expert would have typed in its place. Nothing else is done then. */
export function showCommandsOption(t: CommandSetup['t']): Option {
  return new Option(
    '--show-commands',
    t(text('print the commands that an expert would type instead', '改为显示专家会输入的命令')),
  );
}
