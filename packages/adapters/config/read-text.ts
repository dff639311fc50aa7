import { readFileSync, statSync } from 'node:fs';
import { type ErrorCode, OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';

/** What a person writes is far below; beyond it a file is a mistake or an attack. */
const MAX_FILE_BYTES = 16 * 2 ** 20;

/** The text of a small file of UTF-8, without its byte order mark. Throws OperatorError: absent, unreadable, no file, or too large. */
export function readText(path: string, absent: ErrorCode, invalid: ErrorCode): string {
  try {
    const facts = statSync(path);
    if (facts.isDirectory()) {
      throw new OperatorError(invalid, { where: path, detail: text('it is a folder', '这是一个目录') });
    }
    if (facts.size > MAX_FILE_BYTES) {
      throw new OperatorError(invalid, {
        where: path,
        detail: text('it is larger than 16 MiB', '文件大于 16 MiB'),
      });
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof TypeError) {
      throw new OperatorError(invalid, { where: path, detail: text('it is not UTF-8', '不是 UTF-8 编码') });
    }
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new OperatorError(absent, { where: path });
    if (typeof code === 'string' && !(error instanceof OperatorError)) {
      throw new OperatorError('config-unreadable', { where: path, detail: text(code, code) });
    }
    throw error;
  }
}
