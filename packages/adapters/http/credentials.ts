import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { OperatorError } from '@clockwarden/core/errors';
import type { HttpAuth } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';

const fileKeys = ['bearerTokenFile', 'passwordFile', 'caFile', 'certFile', 'keyFile'] as const;
type FileKey = (typeof fileKeys)[number];

/** What the files of an {@link HttpAuth} hold. Never printed, never part of a message. */
export interface Credentials {
  /** Value of the Authorization header. */
  readonly authorization: string | undefined;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** Throws OperatorError `secret-unreadable`, naming the file. */
export function readCredentials(auth: HttpAuth): Credentials {
  return credentialsOf(auth, (key) => {
    const path = auth[key];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new OperatorError('secret-unreadable', { where: path, detail: text(words, words) });
    }
  });
}

/**
 * The files as they are now: tokens and certificates are rotated under a running collector. A file that cannot be read
 * at this moment leaves everything as it was.
 */
export async function rereadCredentials(auth: HttpAuth, before: Credentials): Promise<Credentials> {
  try {
    const contents = new Map<FileKey, string>();
    for (const key of fileKeys) {
      const path = auth[key];
      if (path !== undefined) contents.set(key, await readFile(path, 'utf8'));
    }
    return credentialsOf(auth, (key) => contents.get(key));
  } catch {
    return before;
  }
}

function credentialsOf(auth: HttpAuth, contentOf: (key: FileKey) => string | undefined): Credentials {
  const token = contentOf('bearerTokenFile')?.trim();
  const password = contentOf('passwordFile')?.replace(/\r?\n$/, '');
  const basic =
    auth.username === undefined
      ? undefined
      : `Basic ${Buffer.from(`${auth.username}:${password ?? ''}`, 'utf8').toString('base64')}`;
  return {
    authorization: token === undefined ? basic : `Bearer ${token}`,
    ca: contentOf('caFile'),
    cert: contentOf('certFile'),
    key: contentOf('keyFile'),
  };
}
