/** Password hashes for `console.passwordHash`: scrypt (RFC 7914), with its parameters and salt in the text. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 16 MiB and about 50 ms a try. */
const COST = 16_384;
const BLOCK = 8;
const PARALLEL = 1;
const KEY_BYTES = 32;
const HASH = /^scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2}):([A-Za-z0-9_-]{16,}):([A-Za-z0-9_-]{43})$/;

interface Parameters {
  readonly cost: number;
  readonly block: number;
  readonly parallel: number;
}

/** `scrypt:N:r:p:salt:key`, safe to be written into a configuration file without quotes. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, { cost: COST, block: BLOCK, parallel: PARALLEL });
  return ['scrypt', COST, BLOCK, PARALLEL, salt.toString('base64url'), key.toString('base64url')].join(':');
}

/** Whether `hash` is one that {@link hashPassword} could have made, within what this machine should compute. */
export function isPasswordHash(hash: string): boolean {
  return parse(hash) !== null;
}

/** False also when the hash does not parse. Takes as long for a wrong password as for the right one. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const parsed = parse(hash);
  if (parsed === null) return false;
  const key = await derive(password, parsed.salt, parsed);
  return timingSafeEqual(key, parsed.key);
}

function parse(hash: string): (Parameters & { readonly salt: Buffer; readonly key: Buffer }) | null {
  const match = HASH.exec(hash);
  if (match === null) return null;
  const [cost, block, parallel] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isPowerOfTwo = cost > 1 && (cost & (cost - 1)) === 0;
  if (!isPowerOfTwo || cost > 2 ** 17 || block < 1 || block > 16 || parallel < 1 || parallel > 4) return null;
  return {
    cost,
    block,
    parallel,
    salt: Buffer.from(match[4] ?? '', 'base64url'),
    key: Buffer.from(match[5] ?? '', 'base64url'),
  };
}

function derive(password: string, salt: Buffer, { cost, block, parallel }: Parameters): Promise<Buffer> {
  const options = { N: cost, r: block, p: parallel, maxmem: 256 * cost * block };
  // One way to write each character, whatever keyboard it came from.
  const words = password.normalize('NFC');
  return new Promise((resolve, reject) => {
    scrypt(words, salt, KEY_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
