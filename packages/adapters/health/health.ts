import type { NodeSpec } from '@clockwarden/core/inventory';
import { type Failure, failure } from '@clockwarden/core/observe';
import { text } from '@clockwarden/core/text';
import { runProgram } from '../child-process/index.ts';
import type { NodeLogins } from '../configure/index.ts';
import { failureOf } from '../ssh/index.ts';
import { healthScript } from './health-script.ts';

/** `unknown`: it runs and told nothing; only a login as root or with `sudo -n` may read the certificates that etcd asks for. */
export interface Health {
  readonly state: 'absent' | 'ok' | 'bad' | 'unknown';
  /** What it said where it is bad; else empty. */
  readonly said: string;
}

export type ControlPlaneHealth =
  | { readonly ok: true; readonly etcd: Health; readonly apiserver: Health }
  | { readonly ok: false; readonly failure: Failure };

/** Four questions of five seconds at most, and the login. */
const PATIENCE_MS = 60_000;

/** Asks once. Changes nothing. */
export async function healthOf(
  node: NodeSpec,
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<ControlPlaneHealth> {
  const shared = logins.open(node);
  if (shared === null) {
    const words = text(`${node.address} is no name for ssh.`, `${node.address} 不是 ssh 可用的名称。`);
    return { ok: false, failure: failure('unsupported', words) };
  }
  const end = await runProgram('ssh', [...shared.args, 'sh -s'], {
    timeoutMs: PATIENCE_MS,
    signal,
    input: healthScript,
    env: { ...process.env, SSH_ASKPASS_REQUIRE: 'never', DISPLAY: undefined },
  });
  const health = parseHealth(end.stdout);
  if (health !== null) return { ok: true, ...health };
  const told = { ...end, stderr: `${shared.log()}\n${end.stderr}` };
  const ready = end.stdout.includes('clockwarden-health 1');
  return { ok: false, failure: failureOf(told, ready, shared.login, PATIENCE_MS / 1_000) };
}

/** Null: the script did not come to its end. */
export function parseHealth(output: string): { readonly etcd: Health; readonly apiserver: Health } | null {
  const etcd = healthNamed('etcd', output);
  const apiserver = healthNamed('apiserver', output);
  return etcd === null || apiserver === null ? null : { etcd, apiserver };
}

function healthNamed(name: 'etcd' | 'apiserver', output: string): Health | null {
  const match = new RegExp(`^${name} (absent|ok|bad|unknown)(?: ([ -~]{0,200}))?$`, 'm').exec(output);
  const state = match?.[1];
  if (state !== 'absent' && state !== 'ok' && state !== 'bad' && state !== 'unknown') return null;
  return { state, said: match?.[2] ?? '' };
}
