import { loadPolicy } from '@clockwarden/adapters/config';
import { storedRuns } from '@clockwarden/adapters/run-journal';
import { text } from '@clockwarden/core/text';
import { loginsOf } from '../apply/ask.ts';
import { addSudoOption } from '../apply/options.ts';
import { memoriesOf } from '../history/memories.ts';
import { historyLines } from '../history/report.ts';
import { historyOf, startOf } from '../history/runs.ts';
import { gatherNodes } from '../plan/make.ts';
import { type CliContext, policyOptions } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

interface HistoryOptions {
  readonly askSudoPassword?: boolean;
}

export const registerHistory: RegisterCommand = (program, { run, t }) => {
  const command = program
    .command('history')
    .description(
      t(
        text(
          'list what was done to the nodes: who, when, what, with which result',
          '列出对各节点做过的改动：谁、何时、做了什么、结果如何',
        ),
      ),
    );
  addSudoOption(command, t)
    .addHelpText(
      'after',
      `\n${t(
        text(
          'The nodes remember their runs themselves, whoever the operator was.\nExit codes: 0 told, 3 a node was not reached.',
          '无论操作者是谁，各节点都会自己记住运行。\n退出码：0 已列出，3 有节点无法到达。',
        ),
      )}

${t(text('Examples:', '示例：'))}
  clockwarden history
  clockwarden history --json | jq '.runs[-1]'
  clockwarden rollback --to 3                     # ${t(text('undo everything after run 3', '撤销第 3 次运行之后的全部改动'))}`,
    )
    .action(run((context, options: HistoryOptions) => history(context, options)));
};

async function history(context: CliContext, options: HistoryOptions): Promise<number> {
  const policy = loadPolicy(policyOptions(context));
  const logins = await loginsOf(context, policy, options.askSudoPassword === true);
  if (logins === null) return 130;
  try {
    const gathered = await gatherNodes(context, logins, policy.nodes);
    if (context.signal.aborted) return 130;
    const { memories, silent } = memoriesOf(gathered);
    const runs = historyOf(storedRuns(policy.name), memories);
    if (context.json) {
      const failures = Object.fromEntries([...silent].map(([node, words]) => [node, context.t(words)]));
      const told = runs.map((one) => ({ ...one, startedAt: startOf(one.id) }));
      context.print(JSON.stringify({ schema: 'clockwarden.history/1', runs: told, failures }, null, 2));
    } else {
      for (const line of historyLines(context, runs)) context.print(line);
      for (const [node, words] of silent)
        context.note(`${context.color.yellow('▲')} ${node}: ${context.t(words)}`);
    }
    return silent.size > 0 ? 3 : 0;
  } finally {
    await logins.close();
  }
}
