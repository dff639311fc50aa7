import { keyFileProblem } from '@clockwarden/core/configure';
import { OperatorError } from '@clockwarden/core/errors';
import type { TimesyncConfig } from '@clockwarden/core/policy';
import { readText } from './read-text.ts';

/**
 * The block with what its key file holds, for what writes to nodes; everything else has no business with the keys.
 * Throws OperatorError when the file cannot be read or lacks the key; never with anything that it holds.
 */
export function withKeys(timesync: TimesyncConfig): TimesyncConfig {
  const { keys } = timesync;
  if (keys === null) return timesync;
  const content = readText(keys.file, 'config-unreadable', 'config-invalid');
  const detail = keyFileProblem(content, keys.id);
  if (detail !== null) throw new OperatorError('config-invalid', { where: keys.file, detail });
  return { ...timesync, keys: { ...keys, content } };
}
