import { randomBytes } from 'node:crypto';
import type { Random } from '@clockwarden/core/ports';

export const cryptoRandom: Random = { bytes: (count) => new Uint8Array(randomBytes(count)) };
