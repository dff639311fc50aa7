import type { NodeSpec } from '@clockwarden/core/inventory';
import { type Failure, failure } from '@clockwarden/core/observe';
import { text } from '@clockwarden/core/text';
import type { NodeLogins } from './logins.ts';
import type { NodeAgent } from './node-agent.ts';

export type OpenedAgent =
  | { readonly ok: true; readonly agent: NodeAgent }
  | { readonly ok: false; readonly failure: Failure };

/** Logs in, becomes root and reads what the node remembers. Writes nothing. */
export async function openAgent(
  node: NodeSpec,
  logins: NodeLogins,
  _signal: AbortSignal,
): Promise<OpenedAgent> {
  const login = logins.open(node);
  const words = text(`${login?.login.target ?? node.address} has no agent.`, `${node.address} 没有代理。`);
  return { ok: false, failure: failure('unsupported', words) };
}
