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
  let before: WellBefore | null = null;
  return {
    apply: async () => {
      if (stop.aborted) return { kind: 'stopped' };
      const found = await options.health?.();
      if (found !== undefined) {
        const unwell = unwellBefore(found);
        if (unwell !== null) return { kind: 'refused', text: unwell };
        if (found.ok) before = found;
      }
      const changed = await options.recheck();
      if (changed !== null) return { kind: 'refused', text: changed };
      return run.perform();
    },
    verify: async () => {
      const verified = await verifyNode(options, before);
      return verified.kind === 'done' ? run.finish('applied') : verified;
    },
    rollBack: () => run.rollBack(),
    close: () => run.close(),
  };
}

async function verifyNode(options: ApplyWorkOptions, before: WellBefore | null): Promise<NodeRunEnd> {
  const { node, stop, say } = options;
  let last = '';
  const outcome = await options.verify(({ waitsFor }) => {
    if (waitsFor !== null && waitsFor.en !== last) say({ event: 'waiting', node, text: waitsFor });
    last = waitsFor?.en ?? '';
  });
  if (outcome.grade !== 'good') {
    return stop.aborted ? { kind: 'stopped' } : { kind: 'failed', text: whyNot(outcome) };
  }
  if (before === null) return { kind: 'done' };
  const unwell = await unwellAfter(options, before);
  if (unwell === null) return { kind: 'done' };
  return stop.aborted ? { kind: 'stopped' } : { kind: 'failed', text: unwell };
}

/** What it waits for, and the checks that do not hold. */
function whyNot({ outcome, waitsFor, checks }: NodeOutcome): Text {
  const failing = checks.flatMap(({ holds, text: words }) =>
    holds === false && words.en !== waitsFor?.en ? [words] : [],
  );
  const words = [
    ...(outcome === 'timed-out' ? [late] : []),
    ...(waitsFor === null ? [] : [text(`It waits for: ${waitsFor.en}`, waitsFor['zh-CN'])]),
    ...failing,
  ];
  return text(words.map(({ en }) => en).join(' '), words.map((one) => one['zh-CN']).join(''));
}

const late = text('Not verified in time.', '未能在限定时间内通过验证。');

type WellBefore = Extract<ControlPlaneHealth, { ok: true }>;

function unwellBefore(found: ControlPlaneHealth): Text | null {
  if (!found.ok) return found.failure.text;
  const words = [...badWords('etcd', found.etcd), ...badWords('kube-apiserver', found.apiserver)].join(', ');
  if (words === '') return null;
  return text(
    `It was not well before anything was done: ${words}.`,
    `尚未作任何改动，该节点就已不健康：${words}。`,
  );
}

/** Null: it is as well as it was before. Interrupted: the last that was found. */
async function unwellAfter(options: ApplyWorkOptions, before: WellBefore): Promise<Text | null> {
  const { health, node, say, pause, stop } = options;
  let words = text('nobody looked', '无人查看');
  for (let tries = 0; tries < RECOVERY_TRIES && !stop.aborted; tries += 1) {
    const found = await health?.();
    if (found?.ok === false) words = found.failure.text;
    if (found?.ok === true) {
      const worse = [
        ...worseWords('etcd', before.etcd, found.etcd),
        ...worseWords('kube-apiserver', before.apiserver, found.apiserver),
      ].join(', ');
      if (worse === '') return null;
      words = text(worse, worse);
    }
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

function badWords(name: string, { state, said }: Health): readonly string[] {
  return state === 'bad' ? [`${name}: ${said}`] : [];
}

/** What was well must be well again, and not merely silent or gone; who could not be asked before need not tell now. */
function worseWords(name: string, before: Health, after: Health): readonly string[] {
  if (after.state === 'bad') return badWords(name, after);
  const isLost =
    (before.state === 'ok' && after.state !== 'ok') ||
    (before.state === 'unknown' && after.state === 'absent');
  return isLost ? [`${name}: ${after.state}`] : [];
}
