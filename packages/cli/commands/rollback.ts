import { loadPolicy } from '@clockwarden/adapters/config';
import { DEFAULT_MAX_STEP_SECONDS } from '@clockwarden/core/configure';
import { text } from '@clockwarden/core/text';
import { addStepOptions, addSudoOption, addTakeOverOption } from '../apply/options.ts';
import { rollback } from '../rollback/rollback.ts';
import { policyOptions } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

interface RollbackCommandOptions {
  readonly to?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly allowStep?: boolean;
  readonly allowBackwardsStep?: boolean;
  readonly maxStep?: number;
  readonly takeOver?: boolean;
  readonly askSudoPassword?: boolean;
}

export const registerRollback: RegisterCommand = (program, { run, t }) => {
  const command = program
    .command('rollback [node...]')
    .description(
      t(
        text(
          'put back on each node what its last run changed: files, packages, units, timezone, firewall',
          '在每个节点上撤销其最后一次运行的改动：文件、软件包、服务、时区、防火墙',
        ),
      ),
    )
    .option(
      '--to <run>',
      t(
        text(
          'put back every run after this number or id of `history`; 0: all',
          '撤销 `history` 中该编号或 id 之后的全部运行；0 表示全部',
        ),
      ),
    )
    .option('-y, --yes', t(text('do not ask; a step backwards is still asked', '不再询问；时钟倒退仍会询问')))
    .option(
      '--force',
      t(
        text(
          'also over changes made by hand since; keeps a copy here',
          '即使之后被手工修改过也回退；在本机保留副本',
        ),
      ),
    );
  addStepOptions(command, t);
  addTakeOverOption(command, t);
  addSudoOption(command, t)
    .addHelpText(
      'after',
      `\n${t(
        text(
          'Exit codes: 0 done, 1 refused or halted, 2 a node could not be put back, 3 a node was not reached, 130 interrupted.',
          '退出码：0 完成，1 被拒绝或已停下，2 有节点无法恢复，3 有节点无法到达，130 被中断。',
        ),
      )}

${t(text('Examples:', '示例：'))}
  clockwarden rollback
  clockwarden rollback worker-01
  clockwarden rollback --to 3                     # ${t(text('everything after run 3 of `clockwarden history`', '`clockwarden history` 中第 3 次运行之后的全部改动'))}
  clockwarden rollback --to 0 --yes
  clockwarden rollback --yes --max-step 7d --allow-step --allow-backwards-step   # ${t(text('whatever it does to the clocks', '无论时钟会怎样'))}`,
    )
    .action(
      run((context, names: readonly string[], options: RollbackCommandOptions) => {
        const policy = loadPolicy(policyOptions(context));
        return rollback(context, policy, {
          names,
          to: options.to,
          yes: options.yes === true,
          force: options.force === true,
          allowStep: options.allowStep === true,
          allowBackwards: options.allowBackwardsStep === true,
          maxStepSeconds: options.maxStep ?? DEFAULT_MAX_STEP_SECONDS,
          takeOver: options.takeOver === true,
          askSudoPassword: options.askSudoPassword === true,
        });
      }),
    );
};
