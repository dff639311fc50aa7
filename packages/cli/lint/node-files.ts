import { loadPolicy } from '@clockwarden/adapters/config';
import { createSources } from '@clockwarden/adapters/registry';
import { cryptoRandom, runRound } from '@clockwarden/adapters/round';
import { createTimeBase } from '@clockwarden/adapters/time-base';
import { type ChronyVersion, parseChronyVersion } from '@clockwarden/core/chrony-conf';
import { OperatorError, type OperatorErrorDetails } from '@clockwarden/core/errors';
import type { NodeSpec } from '@clockwarden/core/inventory';

import type { LintContext } from '@clockwarden/core/lint';
import type { ConfigFile, HostState, SourceKind } from '@clockwarden/core/observe';
import { type ClusterPolicy, defaultSources, withoutSudo } from '@clockwarden/core/policy';

import { text } from '@clockwarden/core/text';
import { type CliContext, policyOptions } from '../terminal/index.ts';
import { drawnInThere } from './drawn-in.ts';
import { isWhole } from './subject.ts';

export interface NodeFile extends ConfigFile {
  readonly node: string;
  readonly host: HostState | null;
}

/**
 * The configuration of the time daemons on these nodes, read directly from this machine and by ssh from others. Throws
 * OperatorError when a node is unknown or does not answer.
 */
export async function nodeFiles(names: readonly string[], context: CliContext): Promise<readonly NodeFile[]> {
  const policy = readingPolicy(loadPolicy(policyOptions(context)), names);
  const sources = createSources(withoutSudo(policy));
  const files: NodeFile[] = [];
  const problems: OperatorErrorDetails[] = [];
  const sourceContext = { timeBase: createTimeBase(), random: cryptoRandom, signal: context.signal };
  try {
    await runRound(policy, sources, sourceContext, (node, { target, result }) => {
      if (!result.ok) problems.push({ where: target, detail: result.failure.text });
      else {
        const { host, configFiles } = result.facts;
        files.push(...(configFiles ?? []).map((file) => ({ ...file, node: node.name, host })));
      }
    });
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
  if (problems.length > 0) throw new OperatorError('source-unavailable', ...problems);
  return files;
}

/**
 * How a file of a node is judged: by the other files of that node, and by its own chronyd.
 * @param asked takes the place of the node's own version
 */
export function contextThere(
  { node, host, path, content, truncated }: NodeFile,
  all: readonly NodeFile[],
  asked?: ChronyVersion,
): LintContext {
  const files = all.filter((file) => file.node === node);
  const drawnIn = drawnInThere(content, files);
  return {
    chronyVersion: asked ?? parseChronyVersion(host?.chronyVersion ?? ''),
    whole: isWhole(path) && !truncated,
    place: { path, os: host?.os ?? null, files },
    ...(drawnIn === null ? {} : { drawnIn }),
  };
}

/** Only the named nodes, each asked only by the source that reads files. */
export function readingPolicy(policy: ClusterPolicy, names: readonly string[]): ClusterPolicy {
  const nodes = names.map((name): NodeSpec => {
    const node = policy.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) {
      const detail = text('no node of this cluster has this name', '集群中没有这个名称的节点');
      throw new OperatorError('not-found', { where: name, detail });
    }
    const kind: SourceKind = node.sources?.includes('local') === true ? 'local' : 'ssh';
    return { ...node, sources: [kind] };
  });
  const { local, ssh } = policy.sources;
  return {
    ...policy,
    nodes,
    sources: { local: local ?? defaultSources.local, ssh: ssh ?? defaultSources.ssh },
  };
}
