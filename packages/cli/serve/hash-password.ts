import { text as readAll } from 'node:stream/consumers';
import { password as ask, isCancel } from '@clack/prompts';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import { hashPassword } from '@clockwarden/server/auth';
import type { CliContext } from '../terminal/index.ts';

const SHORTEST = 8;

/** Reads a password from the terminal without showing it, or one line of standard input, and prints its hash. */
export async function hashFromPerson(context: CliContext): Promise<number> {
  const words = process.stdin.isTTY === true ? await typed(context) : await piped();
  if (words === null) return 130;
  if (words.length < SHORTEST) {
    const detail = text(
      `The password is shorter than ${SHORTEST} characters.`,
      `密码短于 ${SHORTEST} 个字符。`,
    );
    throw new OperatorError('usage', { detail });
  }
  context.print(await hashPassword(words));
  return 0;
}

async function typed(context: CliContext): Promise<string | null> {
  const answer = await ask({ message: context.t(text('Password', '密码')) });
  return isCancel(answer) ? null : answer;
}

async function piped(): Promise<string> {
  return (await readAll(process.stdin)).split(/\r?\n/)[0] ?? '';
}
