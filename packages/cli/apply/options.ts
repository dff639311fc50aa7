/** Options that commands which change nodes share. */
import { type Text, text } from '@clockwarden/core/text';
import type { Command } from 'commander';
import { durationOption } from '../verify/duration.ts';

type Translate = (words: Text) => string;

/** The consent to steps, as `StepAnswers` takes it. */
export function addStepOptions(command: Command, t: Translate): Command {
  return command
    .option(
      '--allow-step',
      t(
        text(
          'step clocks also where etcd or kube-apiserver run',
          '即使节点上运行着 etcd 或 kube-apiserver，也允许跳变',
        ),
      ),
    )
    .option(
      '--allow-backwards-step',
      t(text('answers the second question of a step backwards', '代替时钟倒退时的第二次询问')),
    )
    .option(
      '--max-step <duration>',
      t(text('refuse larger steps on any node (default 1h)', '任何节点都拒绝更大的跳变(默认 1h)')),
      durationOption(t),
    );
}

export function addSudoOption(command: Command, t: Translate): Command {
  return command.option(
    '--ask-sudo-password',
    t(
      text(
        'ask once for the password of sudo on the nodes; it is kept nowhere',
        '询问一次各节点的 sudo 密码；不会保存到任何地方',
      ),
    ),
  );
}

export function addTakeOverOption(command: Command, t: Translate): Command {
  return command.option(
    '--take-over',
    t(text('take nodes from another run that holds them', '接管被其他运行锁定的节点')),
  );
}
