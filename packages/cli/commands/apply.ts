import { loadPolicy } from '@clockwarden/adapters/config';
import { DEFAULT_MAX_STEP_SECONDS } from '@clockwarden/core/configure';
import type { PresetName } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { InvalidArgumentError } from 'commander';
import { apply } from '../apply/apply.ts';
import { parseBatch } from '../apply/batch.ts';
import { addStepOptions, addSudoOption, addTakeOverOption } from '../apply/options.ts';
import { namesOf } from '../apply/selection.ts';
import { DEFAULT_BATCH } from '../plan/make.ts';
import { presetOption } from '../render/preset.ts';
import { policyOptions } from '../terminal/index.ts';
import { durationOption } from '../verify/duration.ts';
import type { CommandSetup, RegisterCommand } from './registry.ts';

interface ApplyCommandOptions {
  readonly continue?: boolean;
  readonly yes?: boolean;
  readonly nodes?: readonly string[];
  readonly except?: readonly string[];
  readonly batch?: ReturnType<typeof parseBatch>;
  readonly maxFailures?: number;
  readonly allowStep?: boolean;
  readonly allowBackwardsStep?: boolean;
  readonly maxStep?: number;
  readonly verifyTimeout?: number;
  readonly askSudoPassword?: boolean;
  readonly takeOver?: boolean;
  readonly preset?: PresetName;
}

const DEFAULT_VERIFY_SECONDS = 300;

export const registerApply: RegisterCommand = (program, setup) => {
  const { run, t } = setup;
  const command = program
    .command('apply [plan]')
    .description(
      t(
        text(
          'change the nodes as the plan says, node by node, each verified before the next; halts at the first failure',
          '按计划逐个改动节点，每个节点通过验证后才继续；遇到第一个失败即停下',
        ),
      ),
    );
  addOptions(command, setup);
  command.addHelpText('after', `\n${helpText(t)}`).action(
    run((context, planPath: string | undefined, options: ApplyCommandOptions) => {
      const policy = loadPolicy({ ...policyOptions(context), preset: options.preset });
      return apply(context, policy, {
        planPath,
        goOn: options.continue === true,
        yes: options.yes === true,
        batch: options.batch ?? DEFAULT_BATCH,
        maxFailures: options.maxFailures ?? 0,
        allowStep: options.allowStep === true,
        allowBackwards: options.allowBackwardsStep === true,
        maxStepSeconds: options.maxStep ?? DEFAULT_MAX_STEP_SECONDS,
        verifySeconds: options.verifyTimeout ?? DEFAULT_VERIFY_SECONDS,
        askSudoPassword: options.askSudoPassword === true,
        takeOver: options.takeOver === true,
        selection: { nodes: options.nodes ?? [], except: options.except ?? [] },
      });
    }),
  );
};

function addOptions(
  command: ReturnType<Parameters<RegisterCommand>[0]['command']>,
  { t }: CommandSetup,
): void {
  command
    .option('--continue', t(text('go on with the run that was cut last', '继续上一次中断的运行')))
    .option('-y, --yes', t(text('do not ask; a step backwards is still asked', '不再询问；时钟倒退仍会询问')))
    .option('--nodes <names>', t(text('only these nodes, by commas', '只改动这些节点，以逗号分隔')), namesOf)
    .option('--except <names>', t(text('all but these nodes', '排除这些节点')), namesOf)
    .option(
      '--batch <size>',
      t(
        text(
          'workers changed at once: 25% or a number (default 25%)',
          '同时改动的工作节点：25% 或个数(默认 25%)',
        ),
      ),
      (value) =>
        parseBatch(value) ??
        invalid(t, text('25% or a number is wanted.', '需要 25% 这样的比例或一个整数。')),
    )
    .option(
      '--max-failures <n>',
      t(
        text(
          'so many failed nodes are borne before it halts (default 0)',
          '容许失败的节点数，超过即停下(默认 0)',
        ),
      ),
      (value) =>
        /^\d{1,5}$/.test(value) ? Number(value) : invalid(t, text('A number is wanted.', '需要一个整数。')),
    );
  addStepOptions(command, t)
    .option(
      '--verify-timeout <duration>',
      t(text('how long a node may take to be verified (default 5m)', '单个节点通过验证的最长时间(默认 5m)')),
      durationOption(t),
    )
    .addOption(presetOption(t));
  addSudoOption(command, t);
  addTakeOverOption(command, t);
}

function helpText(t: CommandSetup['t']): string {
  return `${t(
    text(
      'Exit codes: 0 done, 1 refused, or halted and put back, 2 a node needs a person, 3 a node was not reached, 130 interrupted.\nCtrl-C once: the actions under way end and nothing new begins. Twice: ends at once; the nodes remember how far they came.',
      '退出码：0 完成，1 被拒绝或已停下并恢复原状，2 有节点需要人工处理，3 有节点无法到达，130 被中断。\n按一次 Ctrl-C：正在执行的动作会完成，不再开始新的动作。按两次：立即结束；各节点记得自己执行到哪一步。',
    ),
  )}

${t(text('Examples:', '示例：'))}
  clockwarden apply                               # ${t(text('plan, show, ask, do', '制定计划、显示、询问、执行'))}
  clockwarden plan --out plan.json && clockwarden apply plan.json
  clockwarden apply --nodes worker-01,worker-02
  clockwarden apply --yes --batch 10 --json | jq -c 'select(.event == "node")'
  clockwarden apply --continue                    # ${t(text('after a cut', '中断之后'))}`;
}

function invalid(t: CommandSetup['t'], words: ReturnType<typeof text>): never {
  throw new InvalidArgumentError(t(words));
}
