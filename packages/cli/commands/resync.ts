import { loadPolicy } from '@clockwarden/adapters/config';
import { DEFAULT_MAX_STEP_SECONDS } from '@clockwarden/core/configure';
import { text } from '@clockwarden/core/text';
import { addStepOptions, addSudoOption } from '../apply/options.ts';
import { resync } from '../resync/resync.ts';
import { policyOptions } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

interface ResyncCommandOptions {
  readonly yes?: boolean;
  readonly allowStep?: boolean;
  readonly allowBackwardsStep?: boolean;
  readonly maxStep?: number;
  readonly askSudoPassword?: boolean;
}

export const registerResync: RegisterCommand = (program, { run, t }) => {
  const command = program
    .command('resync <node...>')
    .description(
      t(
        text(
          'ask the time daemons of these nodes to measure now, and to step by what they find',
          '让这些节点的时间守护进程立即测量并按结果跳变',
        ),
      ),
    )
    .option(
      '-y, --yes',
      t(text('do not ask; a step backwards is still asked', '不再询问；时钟倒退仍会询问')),
    );
  addStepOptions(command, t);
  addSudoOption(command, t)
    .addHelpText(
      'after',
      `\n${t(
        text(
          "Clockwarden sets no clock itself; each run stands in the node's own journal. A permanent `makestep 1 -1` is not needed for this.\nExit codes: 0 the clocks are right, 1 refused or not right yet, 2 failed, 3 a node was not reached.",
          'Clockwarden 自己不设置时钟；每次运行都记录在节点自己的日志中。为此不需要永久的 `makestep 1 -1`。\n退出码：0 时钟已正确，1 被拒绝或尚未正确，2 失败，3 有节点无法到达。',
        ),
      )}

${t(text('Examples:', '示例：'))}
  clockwarden resync worker-03
  clockwarden resync worker-03 --yes --allow-backwards-step
  clockwarden resync master-01 --allow-step --max-step 10s`,
    )
    .action(
      run((context, names: readonly string[], options: ResyncCommandOptions) =>
        resync(context, loadPolicy(policyOptions(context)), names, {
          yes: options.yes === true,
          allowStep: options.allowStep === true,
          allowBackwards: options.allowBackwardsStep === true,
          maxStepSeconds: options.maxStep ?? DEFAULT_MAX_STEP_SECONDS,
          askSudoPassword: options.askSudoPassword === true,
        }),
      ),
    );
};
