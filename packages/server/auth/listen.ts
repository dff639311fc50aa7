/** Where the console may listen, and what it must then ask for. */
import { readFileSync } from 'node:fs';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { OperatorError } from '@clockwarden/core/errors';
import type { ConsoleConfig } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { isPasswordHash } from './password.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  if (isIPv4(host)) return loopback.check(host, 'ipv4');
  return isIPv6(host) && loopback.check(host, 'ipv6');
}

/** Throws `unsafe-listen` unless only this machine can reach the address, or strangers are asked who they are over TLS. */
export function assertSafeListen(config: ConsoleConfig, behindProxy: boolean): void {
  if (isLoopback(config.host)) return;
  const where = `${config.host}:${config.port}`;
  if (config.tokenFile === undefined && config.passwordHash === undefined) {
    const detail = text('Nobody would be asked for a password or a token.', '任何人都无需密码或令牌。');
    throw new OperatorError('unsafe-listen', { where, detail });
  }
  if (config.tls === undefined && !behindProxy) {
    const detail = text('Passwords and tokens would travel in the clear.', '密码和令牌会以明文传输。');
    throw new OperatorError('unsafe-listen', { where, detail });
  }
}

export interface Secrets {
  readonly token: string | null;
  readonly passwordHash: string | null;
}

const SHORTEST_TOKEN = 16;

export function readSecrets(config: ConsoleConfig): Secrets {
  const passwordHash = config.passwordHash ?? null;
  if (passwordHash !== null && !isPasswordHash(passwordHash)) {
    const detail = text(
      'It is no hash made by `clockwarden serve --hash-password`.',
      '它不是由 `clockwarden serve --hash-password` 生成的哈希。',
    );
    throw new OperatorError('config-invalid', { where: 'console.passwordHash', detail });
  }
  const token = config.tokenFile === undefined ? null : readSecretFile(config.tokenFile).trim();
  if (token !== null && token.length < SHORTEST_TOKEN) {
    const detail = text(
      `The token is shorter than ${SHORTEST_TOKEN} characters; \`openssl rand -hex 32\` makes a good one.`,
      `令牌短于 ${SHORTEST_TOKEN} 个字符；可用 \`openssl rand -hex 32\` 生成。`,
    );
    throw new OperatorError('config-invalid', { where: config.tokenFile ?? '', detail });
  }
  return { token, passwordHash };
}

/** Key and certificate in PEM; null without TLS. */
export function readTls({ tls }: ConsoleConfig): { readonly cert: string; readonly key: string } | null {
  return tls === undefined ? null : { cert: readSecretFile(tls.certFile), key: readSecretFile(tls.keyFile) };
}

function readSecretFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { message } = error as Error;
    throw new OperatorError('secret-unreadable', { where: path, detail: text(message, message) });
  }
}
