/** The nodes with the files that they are to have: by what they say of themselves, or by what is assumed of them. */
import { openLogins } from '@clockwarden/adapters/configure';
import {
  type ClusterDesign,
  type ConfigFamily,
  type ConfigureFacts,
  type FormatName,
  familyOf,
  formats,
  type NodeDesign,
  type RenderedNode,
  renderNode,
  renderProblems,
  unsupported,
} from '@clockwarden/core/configure';
import { OperatorError, type OperatorErrorDetails } from '@clockwarden/core/errors';
import { type ClusterPolicy, defaultSources, type TimesyncConfig } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import { gatherNodes } from '../plan/make.ts';
import type { CliContext } from '../terminal/index.ts';

/** What the nodes said, and why those did not who were silent. */
interface Asked {
  readonly facts: ReadonlyMap<string, ConfigureFacts>;
  readonly silent: ReadonlyMap<string, Text>;
}

/** Reads as `plan` does and changes nothing. */
export async function askNodes(
  context: CliContext,
  policy: ClusterPolicy,
  design: ClusterDesign,
  nodes: readonly NodeDesign[],
): Promise<Asked> {
  const logins = openLogins(policy.sources.ssh ?? defaultSources.ssh);
  try {
    const specs = nodes.filter(({ adopted }) => !adopted).map(({ node }) => node);
    const gathered = await gatherNodes(context, logins, specs, design);
    const facts = new Map<string, ConfigureFacts>();
    const silent = new Map<string, Text>();
    for (const [name, found] of gathered) {
      if (found.ok) facts.set(name, found.facts);
      else silent.set(name, found.failure.text);
    }
    return { facts, silent };
  } finally {
    await logins.close();
  }
}

/** Those named, or all; OperatorError names those that are not there. */
export function chosenNodes(nodes: readonly NodeDesign[], names: readonly string[]): readonly NodeDesign[] {
  const unknown = names.filter((name) => !nodes.some(({ node }) => node.name === name));
  if (unknown.length > 0) {
    throw new OperatorError(
      'not-found',
      ...unknown.map((name) => ({ where: name, detail: text('no such node', '没有该节点') })),
    );
  }
  return names.length === 0 ? nodes : nodes.filter(({ node }) => names.includes(node.name));
}

/**
 * Without those that are adopted, which are judged only. Warnings are noted; what a machine would not become what it is meant to be for is an OperatorError.
 * @param family of nodes that nobody asked; null: as the format has it, else Debian
 */
export function rendered(
  context: CliContext,
  nodes: readonly NodeDesign[],
  timesync: TimesyncConfig,
  wanted: {
    readonly format: FormatName | null;
    readonly family: ConfigFamily | null;
    readonly facts: ReadonlyMap<string, ConfigureFacts>;
  },
): readonly RenderedNode[] {
  const { format, facts } = wanted;
  const assumed = wanted.family ?? (format === null ? null : formats[format].family) ?? 'debian';
  const unknown: OperatorErrorDetails[] = [];
  const files = nodes.flatMap((design): readonly RenderedNode[] => {
    const found = facts.get(design.node.name) ?? null;
    const family = found === null ? assumed : familyOf(found.os);
    if (found !== null && family === null)
      unknown.push({ where: design.node.name, detail: unsupported(found).text });
    return family === null ? [] : [renderNode(design, timesync, family, found)];
  });
  const problems = renderProblems(format, files);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (unknown.length + errors.length > 0) {
    throw new OperatorError(
      'design-impossible',
      ...unknown,
      ...errors.map((problem) => ({ detail: problem.text })),
    );
  }
  for (const problem of problems) context.note(`${context.color.yellow('▲')} ${context.t(problem.text)}`);
  return files.filter(({ design }) => !design.adopted);
}
