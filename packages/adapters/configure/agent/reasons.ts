/** What the agent's reasons mean: `@CODE DETAIL` is a sentence of this table, anything else a program's own words. */
import { type Text, text } from '@clockwarden/core/text';

const sentences: Readonly<Record<string, (detail: string) => Text>> = {
  refused: (detail) => text(`A word is not what it must be: ${detail}.`, `有一个词不符合要求：${detail}。`),
  'no-action': (detail) => text(`The job has no action ${detail}.`, `作业中没有操作 ${detail}。`),
  'no-run': (detail) => text(`The node knows no run ${detail}.`, `该节点没有运行 ${detail} 的记录。`),
  'run-exists': (detail) => text(`The node has a run ${detail} already.`, `该节点已有运行 ${detail}。`),
  'disk-full': (detail) => text(`The disk is full: ${detail}.`, `磁盘已满：${detail}。`),
  'read-only': (detail) => text(`The file system is read-only: ${detail}.`, `文件系统为只读：${detail}。`),
  'cannot-write': (detail) => text(`It cannot be written: ${detail}.`, `无法写入：${detail}。`),
  'not-a-file': (detail) =>
    text(
      `${detail} is neither a file nor a link: it is left alone.`,
      `${detail} 既不是文件也不是链接：不作改动。`,
    ),
  'no-target': (detail) => text(`The link would lead nowhere: ${detail}.`, `该链接没有目标：${detail}。`),
};

/** @param reason one line, from a node: not to be trusted with more than being shown */
export function reasonText(reason: string): Text {
  const plain = reason.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  const [, code = '', detail = ''] = /^@([a-z-]+) ?(.*)$/.exec(plain) ?? [];
  const shown = detail.slice(0, 600);
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  if (sentence !== undefined) return sentence(shown);
  const words = plain === '' ? '?' : plain.slice(0, 600);
  return text(`The node says: ${words}`, `节点报告：${words}`);
}
