/**
 * A cluster that exists only here: sources with N nodes in assorted states, for tests, benches and screenshots of
 * everything that stands behind the `Source` port. Nothing is sent anywhere.
 */
import { failure, type NodeFacts, type Reading, type SourceKind } from '@clockwarden/core/observe';
import { type ClusterPolicy, defaultLimits, defaultSources } from '@clockwarden/core/policy';
import type { Source, SourceContext } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { secondsOf } from '@clockwarden/core/time';
import { clockFacts, insideFacts } from './facts.ts';
import { type DemoNode, demoNodes } from './nodes.ts';

export { demoOffset } from './facts.ts';
export { type Condition, type DemoNode, demoNodes } from './nodes.ts';
export { type ServeDemoOptions, serveDemo } from './serve.ts';

export interface DemoCluster {
  readonly policy: ClusterPolicy;
  readonly nodes: readonly DemoNode[];
  /** `ntp` knows the clocks, `ssh` what is inside the nodes. */
  readonly sources: readonly Source[];
}

export interface DemoOptions {
  readonly nodes?: number;
  readonly intervalSeconds?: number;
}

export function createDemoCluster(options: DemoOptions = {}): DemoCluster {
  const { nodes: count = 50, intervalSeconds = 2 } = options;
  const nodes = demoNodes(count);
  const byName = new Map(nodes.map((node) => [node.spec.name, node]));
  return {
    nodes,
    policy: {
      name: 'demo',
      nodes: nodes.map((node) => node.spec),
      timezone: 'Asia/Shanghai',
      limits: defaultLimits,
      reference: null,
      sources: {
        ntp: { ...defaultSources.ntp, intervalSeconds },
        ssh: { ...defaultSources.ssh, intervalSeconds: intervalSeconds * 4 },
      },
      history: { path: ':memory:', rawHours: 48, rollupDays: 90, maxBytes: 256 * 2 ** 20 },
      console: { host: '127.0.0.1', port: 0, allowedHosts: [] },
    },
    sources: [
      demoSource('ntp', byName, (node, context) => clockFacts(node, secondsOf(context.timeBase.monotonic()))),
      demoSource('ssh', byName, (node, context) => {
        const now = context.timeBase.monotonic();
        return insideFacts(node, secondsOf(now), context.timeBase.instantAt(now));
      }),
    ],
  };
}

function demoSource(
  kind: SourceKind,
  byName: ReadonlyMap<string, DemoNode>,
  factsOf: (node: DemoNode, context: SourceContext) => NodeFacts,
): Source {
  return {
    kind,
    ...(kind === 'ntp' ? { asksByParts: true } : {}),
    async collect(specs, context, emit) {
      for (const [count, spec] of specs.entries()) {
        if (context.signal.aborted) return;
        const node = byName.get(spec.name);
        if (node !== undefined) emit(spec, readingOf(kind, node, context, factsOf));
        // A real network gives the event loop back between answers.
        if (count % 200 === 199) await new Promise(setImmediate);
      }
    },
    close: async () => {},
  };
}

function readingOf(
  source: SourceKind,
  node: DemoNode,
  context: SourceContext,
  factsOf: (node: DemoNode, context: SourceContext) => NodeFacts,
): Reading {
  const { address } = node.spec;
  const common = {
    source,
    target: source === 'ssh' ? `ssh ${address}` : `${address}:123`,
    at: context.timeBase.monotonic(),
    tookSeconds: 0.002 + (node.index % 9) * 0.0004,
  };
  const failed = failureOf(source, node);
  return failed === null
    ? { ...common, result: { ok: true, facts: factsOf(node, context) } }
    : { ...common, result: { ok: false, failure: failed } };
}

function failureOf(source: SourceKind, { condition, spec }: DemoNode) {
  const { address } = spec;
  if (condition === 'unreachable') {
    return failure(
      'unreachable',
      text(`${address} did not answer within 5 s.`, `${address} 在 5 s 内没有应答。`),
      text('Is the node up, and is UDP 123 open on it?', '节点是否在线？其 UDP 123 端口是否开放？'),
    );
  }
  if (condition === 'refused' && source === 'ntp') {
    return failure(
      'refused',
      text(`${address} refuses: kiss-o'-death DENY.`, `${address} 拒绝：kiss-o'-death DENY。`),
      text('Its `allow` lines do not cover this machine.', '其 `allow` 行未包含本机。'),
    );
  }
  return null;
}
