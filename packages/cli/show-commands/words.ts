/** Words of a command line that a person copies into a shell. */
import type { NodeSpec } from '@clockwarden/core/inventory';

/** One word for a POSIX shell, whatever is in it. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** `ssh -p 2222 ops@10.0.0.5`: as the inventory has it; what it leaves open is for ssh_config to say. */
export function sshTo({ address, ssh }: NodeSpec): string {
  const user = ssh.user === undefined ? '' : `${ssh.user}@`;
  const words = ['ssh', ...(ssh.port === undefined ? [] : ['-p', String(ssh.port)])];
  const key = ssh.identityFile === undefined ? [] : ['-i', ssh.identityFile];
  return [...words, ...key, `${user}${address}`].map(quoted).join(' ');
}
