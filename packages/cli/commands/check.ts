import { loadPolicy } from '@clockwarden/adapters/config';
import { localizeSnapshot, snapshotOf } from '@clockwarden/api/snapshot';
import type { ClusterAssessment } from '@clockwarden/core/assess';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { InvalidArgumentError, Option } from 'commander';
import { exitCodeOf, type FailOn, failLevels } from '../check/exit-code.ts';
import { createObserver } from '../check/measure.ts';
import { reportLines } from '../check/report.ts';
import { commandsToCheck } from '../show-commands/nodes.ts';
import { showCommandsOption } from '../show-commands/option.ts';
import { printCommandGroups } from '../show-commands/print.ts';
import { type CliContext, policyOptions } from '../terminal/index.ts';
import type { CommandSetup, RegisterCommand } from './registry.ts';

interface CheckOptions {
  readonly watch?: number | true;
  readonly failOn: FailOn;
  readonly showCommands?: boolean;
}

const DEFAULT_WATCH_SECONDS = 5;

export const registerCheck: RegisterCommand = (program, { run, t }) => {
  program
    .command('check')
    .description(
      t(
        text(
          "measure every node's clock once and judge it against the cluster median",
          '测量每个节点的时钟，并对照集群中位数作出判定',
        ),
      ),
    )
    .option(
      '-w, --watch [seconds]',
      t(
        text(
          `measure again every so many seconds (default ${DEFAULT_WATCH_SECONDS})`,
          `每隔若干秒重新测量(默认 ${DEFAULT_WATCH_SECONDS})`,
        ),
      ),
      watchSeconds(t),
    )
    .addOption(
      new Option(
        '--fail-on <verdict>',
        t(text('the mildest verdict that makes the exit code differ from 0', '使退出码不为 0 的最轻判定')),
      )
        .choices([...failLevels])
        .default('undetermined'),
    )
    .addOption(showCommandsOption(t))
    .addHelpText(
      'after',
      `\n${t(text('Examples:', '示例：'))}
  clockwarden check
  clockwarden check -i hosts                     # ${t(text('a kubeasz or Ansible inventory', 'kubeasz 或 Ansible 清单'))}
  clockwarden check --watch 2
  clockwarden check --json | jq '.nodes[] | select(.verdict != "ok") | .name'
  clockwarden check --fail-on critical || page-somebody`,
    )
    .action(
      run(async (context, options: CheckOptions) => {
        const policy = loadPolicy(policyOptions(context));
        return checkCluster(context, policy, options);
      }),
    );
};

async function checkCluster(
  context: CliContext,
  policy: ClusterPolicy,
  options: CheckOptions,
): Promise<number> {
  const observer = createObserver(context, policy);
  try {
    for (;;) {
      const { assessment, tookSeconds } = await observer.look();
      if (context.signal.aborted) return 130;
      if (options.showCommands === true) printCommandGroups(context, commandsToCheck(assessment));
      else print(context, policy, assessment, tookSeconds, options.watch !== undefined);
      const code = exitCodeOf(assessment.verdict, options.failOn);
      if (options.watch === undefined) return code;
      await pause(options.watch === true ? DEFAULT_WATCH_SECONDS : options.watch, context.signal);
      if (context.signal.aborted) return code;
    }
  } finally {
    await observer.close();
  }
}

function print(
  context: CliContext,
  policy: ClusterPolicy,
  assessment: ClusterAssessment,
  tookSeconds: number,
  watching: boolean,
): void {
  if (context.json) {
    const snapshot = localizeSnapshot(snapshotOf(assessment, policy), context.language);
    // One line a round while watching, so that a program can read line by line.
    context.print(JSON.stringify(snapshot, null, watching ? undefined : 2));
    return;
  }
  if (watching && context.interactive) context.print('\u001b[H\u001b[2J');
  for (const line of reportLines(context, assessment, tookSeconds)) context.print(line);
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

function watchSeconds(t: CommandSetup['t']): (value: string) => number {
  return (value) => {
    const seconds = Number(value);
    if (Number.isFinite(seconds) && seconds >= 0.5) return seconds;
    throw new InvalidArgumentError(t(text('At least 0.5 seconds are wanted.', '至少 0.5 秒。')));
  };
}
