import { readFileSync } from 'node:fs';

declare const CLOCKWARDEN_VERSION: string | undefined;

/** The bundle has it compiled in; from source it is the workspace's. */
export const version: string =
  typeof CLOCKWARDEN_VERSION === 'string'
    ? CLOCKWARDEN_VERSION
    : (
        JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
          version: string;
        }
      ).version;
