import { loadPolicy } from '@clockwarden/adapters/config';
import { writePlan } from '@clockwarden/adapters/configure';
import type { PresetName } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { planDocument } from '../plan/document.ts';
import { DEFAULT_BATCH, hasChanges, isBlocked, makePlan } from '../plan/make.ts';
import { planLines } from '../plan/report.ts';
import { presetOption } from '../render/preset.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { commandsToPlan } from '../show-commands/plan.ts';
import { printCommandGroups } from '../show-commands/print.ts';
import { policyOptions } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

interface PlanOptions {
  readonly out?: string;
  readonly preset?: PresetName;
  readonly showCommands?: boolean;
}

export const registerPlan: RegisterCommand = (program, { run, t }) => {
  program
    .command('plan')
    .description(
      t(
        text(
          'show what would have to change on each node for the wanted time; changes nothing',
          '显示为达到期望的时间配置，各节点需要改动什么；不作任何改动',
        ),
      ),
    )
    .option('-o, --out <file>', t(text('also write the plan there, as JSON', '同时将计划以 JSON 写入该文件')))
    .addOption(presetOption(t))
    .addOption(showCommandsOption(t))
    .addHelpText(
      'after',
      `\n${t(
        text(
          'Exit codes: 0 nothing to change, 1 something to change, 2 a node cannot be planned or reached.',
          '退出码：0 无需改动，1 需要改动，2 有节点无法制定计划或无法到达。',
        ),
      )}

${t(text('Examples:', '示例：'))}
  clockwarden plan
  clockwarden plan -i hosts --json | jq '.nodes[] | {name, actions: (.actions | length)}'
  clockwarden plan --out plan.json
  clockwarden plan --show-commands             # ${t(text('every action by hand', '手工执行每个动作'))}`,
    )
    .action(
      run(async (context, options: PlanOptions) => {
        const policy = loadPolicy({ ...policyOptions(context), preset: options.preset });
        const made = await makePlan(context, policy, DEFAULT_BATCH);
        if (made === null) return 130;
        const { plan, corrections } = made;
        if (options.showCommands === true) {
          printCommandGroups(context, commandsToPlan(plan));
          return 0;
        }
        const document = planDocument(policy, plan, corrections, context.language, new Date());
        if (options.out !== undefined) writePlan(options.out, document);
        if (context.json) {
          context.print(JSON.stringify(document, null, 2));
        } else {
          for (const line of planLines(context, plan, corrections)) context.print(line);
          context.print(context.color.dim(context.t(text('Nothing was changed.', '未作任何改动。'))));
        }
        if (plan.nodes.some(isBlocked)) return 2;
        return plan.nodes.some(hasChanges) ? 1 : 0;
      }),
    );
};
