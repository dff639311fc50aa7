import { randomBytes } from 'node:crypto';
import { type ConfigureFacts, configureFactsOf } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { parseReport } from '@clockwarden/core/node-report';
import { type Failure, failure } from '@clockwarden/core/observe';
import type { SshConfig } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { startProgram } from '../child-process/index.ts';
import { failureOf, loginFor, Slots } from '../ssh/index.ts';
import { factsScript } from './facts-script.ts';

export type GatheredFacts =
  | { readonly ok: true; readonly facts: ConfigureFacts }
  | { readonly ok: false; readonly failure: Failure };

/** A login that has heard no server by then gives its place to the next. */
const SILENT_AFTER_MS = 1_000;

/** Files in Base64, a firewall's whole ruleset. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Asks every node at once, within the login limit of the policy; `emit` is called once a node. Changes nothing. */
export async function gatherFacts(
  nodes: readonly NodeSpec[],
  config: SshConfig,
  signal: AbortSignal,
  emit: (node: NodeSpec, gathered: GatheredFacts) => void,
): Promise<void> {
  const { concurrency } = config;
  const slots = new Slots({ limit: concurrency, patienceMs: SILENT_AFTER_MS, most: concurrency * 4 });
  await Promise.all(
    nodes.map(async (node) => {
      const gathered = await slots.run((answered) => gatherOne(node, config, signal, answered));
      if (!signal.aborted) emit(node, gathered);
    }),
  );
}

async function gatherOne(
  node: NodeSpec,
  config: SshConfig,
  signal: AbortSignal,
  answered: () => void,
): Promise<GatheredFacts> {
  const login = loginFor(node, config);
  if (login === null) {
    const words = text(`${node.address} is no name for ssh.`, `${node.address} 不是 ssh 可用的名称。`);
    return { ok: false, failure: failure('unsupported', words) };
  }
  const marker = `=${randomBytes(16).toString('hex')}`;
  let ready = false;
  const session = startProgram('ssh', [...login.args, 'sh -s'], {
    // Package lists and firewalls are slower to ask than clocks.
    timeoutMs: config.timeoutSeconds * 3_000,
    signal,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    env: { ...process.env, SSH_ASKPASS_REQUIRE: 'never', DISPLAY: undefined },
    onStdout: (bytes) => {
      if (ready || !Buffer.from(bytes).includes('clockwarden-facts 1')) return;
      ready = true;
      answered();
      session.write(`${marker} ${config.sudo}\n`);
      session.endInput();
    },
  });
  session.write(factsScript);
  const end = await session.ended;
  const facts = configureFactsOf(parseReport(end.stdout, marker));
  if (facts !== null) return { ok: true, facts };
  return { ok: false, failure: failureOf(end, ready, login, config.timeoutSeconds * 3) };
}
