import { randomBytes } from 'node:crypto';
import { type ConfigureFacts, configureFactsOf } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { parseReport } from '@clockwarden/core/node-report';
import type { Failure } from '@clockwarden/core/observe';
import { factsScript } from './facts-script.ts';
import type { NodeLogins } from './logins.ts';
import { openShell } from './node-shell.ts';

export type GatheredFacts =
  | { readonly ok: true; readonly facts: ConfigureFacts }
  | { readonly ok: false; readonly failure: Failure };

/** Files in Base64, a firewall's whole ruleset. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Asks every node at once, within the login limit of the policy; `emit` is called once a node. Changes nothing.
 * @param wanted packages by node: what could be installed of them is asked where they are not there
 */
export async function gatherFacts(
  nodes: readonly NodeSpec[],
  logins: NodeLogins,
  signal: AbortSignal,
  emit: (node: NodeSpec, gathered: GatheredFacts) => void,
  wanted: ReadonlyMap<string, readonly string[]> = new Map(),
): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const packages = wanted.get(node.name) ?? [];
      const gathered = await logins.slots.run((answered) =>
        gatherOne(node, packages, logins, signal, answered),
      );
      if (!signal.aborted) emit(node, gathered);
    }),
  );
}

async function gatherOne(
  node: NodeSpec,
  packages: readonly string[],
  logins: NodeLogins,
  signal: AbortSignal,
  answered: () => void,
): Promise<GatheredFacts> {
  const opened = await openShell(node, logins, { signal, maxOutputBytes: MAX_OUTPUT_BYTES, answered });
  if (!opened.ok) return opened;
  const { shell } = opened;
  const marker = `=${randomBytes(16).toString('hex')}`;
  shell.write(factsScript);
  const ready = await shell.hears('clockwarden-facts 1');
  shell.write(`${[marker, shell.privilege, ...packages].join(' ')}\n`);
  shell.endInput();
  const end = await shell.ended;
  const facts = configureFactsOf(parseReport(end.stdout, marker));
  if (facts !== null) return { ok: true, facts };
  return { ok: false, failure: shell.explain(end, ready) };
}
