import { renameSync, writeFileSync } from 'node:fs';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';

/** Whole or not at all: written beside the file and renamed. Only the owner may read what is on the nodes. */
export function writePlan(path: string, document: unknown): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError('cannot-write', { where: path, detail: text(reason, reason) });
  }
}
