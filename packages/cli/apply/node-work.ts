/** What `apply` does for one node: ask its control plane, perform, verify, ask again, or put back. */
import type { ControlPlaneHealth, Health } from '@clockwarden/adapters/configure';
import type { NodeOutcome } from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';
import type { NodeWork } from './drive.ts';
import type { Say } from './events.ts';
import type { NodeRun, NodeRunEnd } from './node-run.ts';

export interface ApplyWorkOptions {
  readonly node: string;
  readonly run: NodeRun;
  /** Aborted when nothing further is to be begun. */
  readonly stop: AbortSignal;
  readonly say: Say;
  /** Why the node is not the one any more that was planned for; null: it is. */
  recheck(): Promise<Text | null>;
  /** Null: neither etcd nor an apiserver runs there. */
  readonly health: (() => Promise<ControlPlaneHealth>) | null;
  verify(onProgress: (outcome: NodeOutcome) => void): Promise<NodeOutcome>;
  pause(ms: number): Promise<void>;
}

/** An apiserver that renews its leases after a step is not ready for a moment. */
const RECOVERY_TRIES = 12;
const RECOVERY_PAUSE_MS = 5_000;

export function applyWork(options: ApplyWorkOptions): NodeWork {
  const { run, stop } = options;
  return {
    apply: async () => {
      if (stop.aborted) return { kind: 'stopped' };
      const unwell = await unwellBefore(options);
      if (unwell !== null) return { kind: 'refused', text: unwell };
      const changed = await options.recheck();
      if (changed !== null) return { kind: 'refused', text: changed };
      return run.perform();
    },
    verify: async () => {
      const verified = await verifyNode(options);
      return verified.kind === 'done' ? run.finish('applied') : verified;
    },
    rollBack: () => run.rollBack(),
    close: () => run.close(),
  };
}

async function verifyNode(options: ApplyWorkOptions): Promise<NodeRunEnd> {
  const { node, stop, say } = options;
  let last = '';
  const outcome = await options.verify(({ waitsFor }) => {
    if (waitsFor !== null && waitsFor.en !== last) say({ event: 'waiting', node, text: waitsFor });
    last = waitsFor?.en ?? '';
  });
  if (outcome.grade !== 'good') {
    return stop.aborted ? { kind: 'stopped' } : { kind: 'failed', text: whyNot(outcome) };
  }
  const unwell = await unwellAfter(options);
  return unwell === null ? { kind: 'done' } : { kind: 'failed', text: unwell };
}

/** The checks that do not hold, in words. */
function whyNot(outcome: NodeOutcome): Text {
  const failing = outcome.checks.filter(({ holds }) => holds === false).map((check) => check.text);
  const words = failing.length > 0 ? failing : outcome.waitsFor === null ? [] : [outcome.waitsFor];
  const late = outcome.outcome === 'timed-out';
  return text(
    [...(late ? ['Not verified in time.'] : []), ...words.map((one) => one.en)].join(' '),
    [...(late ? ['未能在限定时间内通过验证。'] : []), ...words.map((one) => one['zh-CN'])].join(''),
  );
}

async function unwellBefore({ health }: ApplyWorkOptions): Promise<Text | null> {
  const found = await health?.();
  if (found === undefined) return null;
  if (!found.ok) return found.failure.text;
  const words = badWords(found);
  if (words === null) return null;
  return text(
    `It was not well before anything was done: ${words}.`,
    `尚未作任何改动，该节点就已不健康：${words}。`,
  );
}

async function unwellAfter(options: ApplyWorkOptions): Promise<Text | null> {
  const { health, node, say, pause, stop } = options;
  if (health === null) return null;
  let words = text('', '');
  for (let tries = 0; tries < RECOVERY_TRIES && !stop.aborted; tries += 1) {
    const found = await health();
    const bad = found.ok ? badWords(found) : found.failure.text;
    if (bad === null) return null;
    words = typeof bad === 'string' ? text(bad, bad) : bad;
    say({
      event: 'waiting',
      node,
      text: text(`Its control plane is not well: ${words.en}`, `控制平面不健康：${words['zh-CN']}`),
    });
    await pause(RECOVERY_PAUSE_MS);
  }
  return text(
    `Its control plane was well before, and is not any more: ${words.en}.`,
    `控制平面之前健康，现在不健康：${words['zh-CN']}。`,
  );
}

/** `unknown` is not bad: who cannot be asked could not be asked before either. */
function badWords(found: Extract<ControlPlaneHealth, { ok: true }>): string | null {
  const bad = (name: string, { state, said }: Health): readonly string[] =>
    state === 'bad' ? [`${name}: ${said}`] : [];
  const words = [...bad('etcd', found.etcd), ...bad('kube-apiserver', found.apiserver)];
  return words.length === 0 ? null : words.join(', ');
}
