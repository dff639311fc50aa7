import { OperatorError } from '@clockwarden/core/errors';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { text } from '@clockwarden/core/text';

export function readInventory(path: string, _cwd: string): readonly NodeSpec[] {
  throw new OperatorError('inventory-invalid', { where: path, detail: text('not read yet', '尚不支持') });
}
