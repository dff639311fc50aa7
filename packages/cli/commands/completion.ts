import { text } from '@clockwarden/core/text';
import { Argument, type Command } from 'commander';
import { completionScript, shells } from '../completion/scripts.ts';
import type { RegisterCommand } from './registry.ts';

export const registerCompletion: RegisterCommand = (program, { run, t }) => {
  program
    .command('completion')
    .description(t(text('print the completion script of a shell', '输出 shell 的自动补全脚本')))
    .addArgument(new Argument('<shell>', t(text('which shell', '哪个 shell'))).choices([...shells]))
    .addHelpText(
      'after',
      `\n${t(text('Examples:', '示例：'))}
  source <(clockwarden completion bash)
  clockwarden completion zsh > "\${fpath[1]}/_clockwarden"
  clockwarden completion fish > ~/.config/fish/completions/clockwarden.fish`,
    )
    .action(
      run(async (context, shell: (typeof shells)[number], _options: object, command: Command) => {
        context.print(completionScript(shell, command.parent ?? command));
        return 0;
      }),
    );
};
