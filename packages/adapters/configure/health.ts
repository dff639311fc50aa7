import type { NodeSpec } from '@clockwarden/core/inventory';
import type { Failure } from '@clockwarden/core/observe';
import { healthScript } from './health-script.ts';
import type { NodeLogins } from './logins.ts';
import { openShell } from './node-shell.ts';

/** `unknown`: it runs and told nothing; only root may read the certificates that etcd asks for. */
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

const MAX_OUTPUT_BYTES = 64 * 1024;

/** Asks once. Changes nothing. */
export async function healthOf(
  node: NodeSpec,
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<ControlPlaneHealth> {
  return logins.slots.run(async (answered) => {
    const opened = await openShell(node, logins, {
      signal,
      timeoutMs: PATIENCE_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      sudo: 'auto',
      answered,
    });
    if (!opened.ok) return opened;
    const { shell } = opened;
    shell.write(healthScript);
    shell.endInput();
    const end = await shell.ended;
    const health = parseHealth(end.stdout);
    if (health !== null) return { ok: true, ...health };
    return { ok: false, failure: shell.explain(end, end.stdout.includes('clockwarden-health 1')) };
  });
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
