import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { OperatorError } from '@clockwarden/core/errors';
import { expertCommands } from '@clockwarden/core/expert-commands';
import { type Explanation, explainText } from '@clockwarden/core/explain';
import { text } from '@clockwarden/core/text';
import { explanationJson } from '../explain/json.ts';
import { explanationLines } from '../explain/lines.ts';
import { printExpertCommands } from '../show-commands/print.ts';
import type { CliContext } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

/** Nobody pastes more; a whole log by mistake must not fill the memory. */
const MOST_BYTES = 1024 * 1024;

export const registerExplain: RegisterCommand = (program, { run, t }) => {
  program
    .command('explain')
    .description(
      t(
        text(
          'explain pasted output of chronyc, timedatectl, ntpq, ntpdate, adjtimex or ntptime',
          '解释粘贴的 chronyc、timedatectl、ntpq、ntpdate、adjtimex 或 ntptime 输出',
        ),
      ),
    )
    .argument(
      '[file]',
      t(
        text(
          'file that holds the output; - or nothing: standard input',
          '存有输出的文件；- 或省略：标准输入',
        ),
      ),
      '-',
    )
    .option(
      '--show-commands',
      t(text('print the commands whose output can be explained instead', '改为显示其输出可被解释的命令')),
    )
    .addHelpText('after', `\n${helpText(t)}`)
    .action(
      run(async (context, file: string, options: { readonly showCommands?: boolean }) => {
        if (options.showCommands === true) {
          printExpertCommands(context, [
            ...expertCommands(null, 'chronyd', 'sources'),
            ...expertCommands(null, 'systemd-timesyncd', 'state').slice(0, 1),
            ...expertCommands(null, 'systemd-timesyncd', 'sources'),
            ...expertCommands(null, 'ntpd', 'sources').slice(0, 1),
            ...expertCommands(null, 'ntpd', 'measure'),
          ]);
          return 0;
        }
        return explain(context, file);
      }),
    );
};

function helpText(t: Parameters<RegisterCommand>[1]['t']): string {
  return `${t(
    text(
      `Several outputs, prompts between them, and half of an output are fine; lines that are not understood are named.
Exit codes: 0 explained, 65 nothing in the text is known, 66 the file cannot be read.`,
      `可以包含多个输出、其间的提示符以及不完整的输出；无法识别的行会逐一列出。
退出码：0 已解释，65 文本中没有可识别的内容，66 文件无法读取。`,
    ),
  )}

${t(text('Examples:', '示例：'))}
  chronyc sources -v | clockwarden explain
  ssh node3 'chronyc -n tracking; chronyc -n sources' | clockwarden explain -
  clockwarden explain paste.txt --json | jq -r '.conclusions[].text'`;
}

async function explain(context: CliContext, file: string): Promise<number> {
  if (file === '-' && process.stdin.isTTY === true) {
    context.note(context.t(text('Paste the output, then press Ctrl-D.', '请粘贴输出，然后按 Ctrl-D。')));
  }
  const explanation = explainText(await readText(file, context.signal));
  if (explanation.sections.length === 0) throw unrecognized(file, explanation);
  if (context.json) {
    const report = { schema: 'clockwarden.explain/1', ...explanationJson(explanation, context.t) };
    context.print(JSON.stringify(report, null, 2));
  } else for (const line of explanationLines(context, explanation)) context.print(line);
  return 0;
}

function unrecognized(file: string, { notUnderstood }: Explanation): OperatorError {
  const [first] = notUnderstood;
  if (first === undefined) {
    return new OperatorError('input-unrecognized', {
      where: file,
      detail: text('The text is empty.', '文本为空。'),
    });
  }
  return new OperatorError('input-unrecognized', {
    where: file,
    line: first.line,
    detail: text(
      `The first line that is not known: ${first.text.trim().slice(0, 80)}`,
      `第一个无法识别的行：${first.text.trim().slice(0, 80)}`,
    ),
  });
}

async function readText(file: string, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  const stream = addAbortSignal(signal, file === '-' ? process.stdin : createReadStream(file));
  let bytes = 0;
  let content = '';
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) {
        throw new OperatorError('input-unreadable', {
          where: file,
          detail: text('The text is longer than 1 MiB.', '文本超过 1 MiB。'),
        });
      }
      content += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    if (error instanceof OperatorError || signal.aborted) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new OperatorError('input-unreadable', { where: file, detail: text(code, code) });
  }
  return content + decoder.decode();
}
