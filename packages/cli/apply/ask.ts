/** Questions to the person in front of the terminal. */
import { confirm, isCancel, password } from '@clack/prompts';
import { type NodeLogins, openLogins } from '@clockwarden/adapters/configure';
import { OperatorError } from '@clockwarden/core/errors';
import { type ClusterPolicy, defaultSources } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import type { CliContext } from '../terminal/index.ts';

/** Null: the person left. Throws OperatorError where nobody could answer. */
export async function askYesOrNo(
  context: CliContext,
  question: Text,
  instead: string,
): Promise<boolean | null> {
  needPerson(context, question, instead);
  const answer = await confirm({
    message: context.t(question),
    active: context.t(text('Yes', '是')),
    inactive: context.t(text('No', '否')),
    initialValue: false,
  });
  return isCancel(answer) ? null : answer;
}

/** The logins of a command, with the password of sudo where it is to be asked for. Null: the person left. */
export async function loginsOf(
  context: CliContext,
  policy: ClusterPolicy,
  asksSudoPassword: boolean,
): Promise<NodeLogins | null> {
  const sudoPassword = asksSudoPassword ? await askSudoPassword(context) : undefined;
  if (sudoPassword === null) return null;
  const config = policy.sources.ssh ?? defaultSources.ssh;
  return openLogins(config, sudoPassword === undefined ? {} : { sudoPassword });
}

/** Not shown, not kept: it lives as long as this process. Null: the person left. */
async function askSudoPassword(context: CliContext): Promise<string | null> {
  const question = text('Password for sudo on the nodes', '各节点上 sudo 的密码');
  needPerson(context, question, '`sudo -n`');
  const answer = await password({ message: context.t(question) });
  return isCancel(answer) ? null : answer;
}

function needPerson(context: CliContext, question: Text, instead: string): void {
  if (process.stdin.isTTY === true && !context.json) return;
  throw new OperatorError('needs-answer', {
    where: instead,
    detail: question,
  });
}
