/** Why the history stopped, in words. */
import { type Text, text } from '@clockwarden/core/text';
import type { Failed } from './messages.ts';

/** Primary result codes of SQLite (sqlite3.h), and errno names. */
const known: readonly (readonly [readonly (number | string)[], Text])[] = [
  [
    [13, 'ENOSPC', 'EDQUOT'],
    text(
      'The disk is full: no history is written until there is room.',
      '磁盘已满：在腾出空间之前不再写入历史。',
    ),
  ],
  [[8, 'EROFS'], text('The history file or its folder is read-only.', '历史文件或其所在目录是只读的。')],
  [
    [14, 3, 'EACCES', 'EPERM'],
    text(
      'The history file cannot be opened: check the owner and mode of it and its folder.',
      '无法打开历史文件：请检查该文件及其目录的属主和权限。',
    ),
  ],
  [[5, 6], text('Another process holds the history file.', '另一个进程占用了历史文件。')],
  [
    [11, 26],
    text(
      'The history file is damaged. Move it away; a new one is then begun.',
      '历史文件已损坏。请将其移走，随后会新建一个。',
    ),
  ],
  [
    [10, 'EIO', 'EFBIG'],
    text(
      'The disk does not take the history: it is full, or it fails.',
      '磁盘无法写入历史：磁盘已满或出现故障。',
    ),
  ],
];

export function problemOf({ cause, message }: Failed): Text {
  const found = cause === null ? undefined : known.find(([causes]) => causes.includes(cause));
  if (found === undefined) return text(`History is not written: ${message}.`, `历史未写入：${message}。`);
  return text(`${found[1].en} (${message})`, `${found[1]['zh-CN']}(${message})`);
}
