import { chownSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import { createTwoFilesPatch } from 'diff';

/** What --fix changes, as `diff -u` shows it. */
export function mendingDiff(file: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(file, file, before, after, '', '', { context: 2 });
  return patch.replace(/^Index: .*\n=+\n/, '');
}

/** Replaces a file in one step; mode and owner stay, and a link stays a link. Throws OperatorError. */
export function replaceFile(path: string, content: string): void {
  try {
    const target = realpathSync(path);
    const { mode, uid, gid } = statSync(target);
    const temporary = join(dirname(target), `.${basename(target)}.${process.pid}`);
    try {
      writeFileSync(temporary, content, { flag: 'wx', mode });
      chownSync(temporary, uid, gid);
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { force: true });
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError('cannot-write', { where: path, detail: text(reason, reason) });
  }
}
