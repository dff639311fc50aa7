import { loadPolicy } from '@clockwarden/adapters/config';
import { openLogins } from '@clockwarden/adapters/configure';
import type { NodeOutcome } from '@clockwarden/core/configure';
import { defaultSources } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { designOrThrow } from '../render/design.ts';
import { type CliContext, policyOptions, progressOn } from '../terminal/index.ts';
import { chosenNodes } from '../verify/chosen.ts';
import { durationOption } from '../verify/duration.ts';
import { missingOn } from '../verify/missing.ts';
import { exitCodeOf, verifyJson, verifyLines } from '../verify/report.ts';
import { type Missing, Verifier } from '../verify/verifier.ts';
import { waitFor } from '../verify/wait.ts';
import type { RegisterCommand } from './registry.ts';

interface VerifyOptions {
  readonly wait?: number | true;
}

const DEFAULT_WAIT_SECONDS = 1_800;

export const registerVerify: RegisterCommand = (program, { run, t }) => {
  program
    .command('verify [node...]')
    .description(
      t(
        text(
          'prove from both ends that nodes have the time that they were designed to have',
          '从两端证明节点已达到期望的时间配置',
        ),
      ),
    )
    .option(
      '-w, --wait [duration]',
      t(
        text(
          `wait until they do, at most so long (default ${DEFAULT_WAIT_SECONDS / 60}m)`,
          `等待直到达成，最长等待时间(默认 ${DEFAULT_WAIT_SECONDS / 60}m)`,
        ),
      ),
      durationOption(t),
    )
    .addHelpText(
      'after',
      `\n${t(
        text(
          'Exit codes: 0 all are synchronized (an island: local-only), 1 some are not yet, 2 something is wrong, 3 a node was not reached.',
          '退出码：0 全部已同步(孤岛模式为仅本地)，1 有节点尚未同步，2 有错误，3 有节点无法到达。',
        ),
      )}

${t(text('Examples:', '示例：'))}
  clockwarden verify
  clockwarden verify --wait 30m
  clockwarden verify worker-01 worker-02
  clockwarden verify --json | jq -r '.nodes[] | select(.grade != "good") | .name'`,
    )
    .action(
      run((context, names: readonly string[], options: VerifyOptions) => verify(context, names, options)),
    );
};

async function verify(
  context: CliContext,
  wanted: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  const policy = loadPolicy(policyOptions(context));
  const { design, timesync } = designOrThrow(policy);
  const names = chosenNodes(design, wanted);
  const logins = openLogins(policy.sources.ssh ?? defaultSources.ssh);
  const verifier = new Verifier({ policy, design, timesync, logins });
  try {
    const missing = await missingOn(names, design, timesync, logins, context.signal);
    const outcomes =
      options.wait === undefined
        ? await lookOnce(context, verifier, names, missing)
        : await waitFor(context, verifier, design, names, missing, seconds(options.wait));
    if (context.signal.aborted) return 130;
    if (context.json)
      context.print(JSON.stringify(verifyJson(context, policy.name, design, outcomes), null, 2));
    else for (const line of verifyLines(context, design, outcomes)) context.print(line);
    return exitCodeOf(outcomes);
  } finally {
    await verifier.close();
    await logins.close();
  }
}

async function lookOnce(
  context: CliContext,
  verifier: Verifier,
  names: readonly string[],
  missing: Missing,
): Promise<readonly NodeOutcome[]> {
  const progress = progressOn(context, () =>
    context.t(text(`Looking at ${names.length} nodes …`, `正在查看 ${names.length} 个节点 …`)),
  );
  try {
    return await verifier.outcomes(names, missing, context.signal);
  } finally {
    progress.end();
  }
}

function seconds(given: number | true): number {
  return given === true ? DEFAULT_WAIT_SECONDS : given;
}
