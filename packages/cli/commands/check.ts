import { loadPolicy } from '@clockwarden/adapters/config';
import { createSources } from '@clockwarden/adapters/registry';
import { cryptoRandom, LatestReadings, Reference, runRound } from '@clockwarden/adapters/round';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { localizeSnapshot, snapshotOf } from '@clockwarden/api/snapshot';
import { assessCluster, type ClusterAssessment } from '@clockwarden/core/assess';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { InvalidArgumentError, Option } from 'commander';
import { printCommands } from '../check/commands.ts';
import { exitCodeOf, type FailOn, failLevels } from '../check/exit-code.ts';
import { reportLines } from '../check/report.ts';
import { type CliContext, policyOptions, progressOn } from '../terminal/index.ts';
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
    .option(
      '--show-commands',
      t(text('print the commands that an expert would type instead', '改为显示专家会输入的命令')),
    )
    .addHelpText(
      'after',
      `\n${t(text('Examples', '示例'))}:
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
  const sources = createSources(policy);
  const reference = Reference.of(policy);
  const timeBase = createTimeBase();
  const sourceContext: SourceContext = { timeBase, random: cryptoRandom, signal: context.signal };
  try {
    for (;;) {
      const startedAt = timeBase.monotonic();
      const assessment = await measureOnce(context, policy, sources, reference, sourceContext);
      if (context.signal.aborted) return 130;
      if (options.showCommands === true) printCommands(context, assessment);
      else
        print(
          context,
          policy,
          assessment,
          Number(timeBase.monotonic() - startedAt) / 1e9,
          options.watch !== undefined,
        );
      const code = exitCodeOf(assessment.verdict, options.failOn);
      if (options.watch === undefined) return code;
      await pause(options.watch === true ? DEFAULT_WATCH_SECONDS : options.watch, context.signal);
      if (context.signal.aborted) return code;
    }
  } finally {
    await Promise.all(
      [...sources, ...(reference === null ? [] : [reference])].map((source) => source.close()),
    );
  }
}

async function measureOnce(
  context: CliContext,
  policy: ClusterPolicy,
  sources: readonly Source[],
  reference: Reference | null,
  sourceContext: SourceContext,
): Promise<ClusterAssessment> {
  const latest = new LatestReadings();
  const answered = new Set<string>();
  const progress = progressOn(context, () =>
    context.t(
      text(
        `${answered.size} of ${policy.nodes.length} nodes have answered …`,
        `${policy.nodes.length} 个节点中已有 ${answered.size} 个应答 …`,
      ),
    ),
  );
  try {
    await Promise.all([
      reference?.measure(sourceContext),
      runRound(policy, sources, sourceContext, (node, reading) => {
        latest.record(node, reading);
        answered.add(node.name);
      }),
    ]);
  } finally {
    progress.end();
  }
  const now = sourceContext.timeBase.monotonic();
  const observations = latest.observe(policy.nodes, now, () => Number.POSITIVE_INFINITY);
  const at = sourceContext.timeBase.instantAt(now);
  return assessCluster(
    policy,
    observations,
    at,
    reference?.estimateAt(now, Number.POSITIVE_INFINITY) ?? null,
  );
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
