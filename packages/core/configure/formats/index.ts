/** The files of a node in the shapes that other tools install: one file each, and one line here. */
import type { TimesyncConfig } from '../../policy/index.ts';
import type { DesignProblem, NodeDesign } from '../design.ts';
import { groupedByText, withNames } from '../design-problems.ts';
import type { ConfigureFacts } from '../facts.ts';
import { type ConfigFamily, filesOf, type WantedFile } from '../files.ts';
import { ptpProblems } from '../ptp-problems.ts';
import { planWarnings } from '../warnings.ts';
import { butane } from './butane.ts';
import { cloudInit } from './cloud-init.ts';
import { ignition } from './ignition.ts';
import { machineConfig } from './machine-config.ts';
import { missingDaemon, otherLayout } from './problems.ts';
import { talos } from './talos.ts';

/** One document for one node; `data` is to be written as JSON or YAML. */
export interface RenderedDocument {
  /** File name after the node's own. */
  readonly suffix: string;
  readonly syntax: 'yaml' | 'json';
  /** First line that must stand before the data, as `#cloud-config`. */
  readonly firstLine?: string;
  readonly data: unknown;
}

/** One node with the files that it is to have. */
export interface RenderedNode {
  readonly design: NodeDesign;
  /** The `timesync:` block of the cluster. */
  readonly timesync: TimesyncConfig;
  readonly family: ConfigFamily;
  /** What the node said of itself; null: nobody asked it, and `filesOf` assumes. */
  readonly facts: ConfigureFacts | null;
  readonly files: readonly WantedFile[];
}

export interface Format {
  /** Where the systems that take it keep chrony; null: some so, some so. */
  readonly family: ConfigFamily | null;
  readonly document: (node: RenderedNode) => RenderedDocument;
  /** Nodes for which it is equal get one document in common; absent: each node has its own. */
  readonly sharedBy?: (design: NodeDesign) => string;
  /**
   * What machines made of it would not have of their designs; an `error`: they would have another time, or none.
   * @param adopted are not to be rewritten
   */
  readonly problems: (
    nodes: readonly RenderedNode[],
    adopted: readonly RenderedNode[],
  ) => readonly DesignProblem[];
}

export const formats = {
  'cloud-init': cloudInit,
  ignition,
  butane,
  'machine-config': machineConfig,
  talos,
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;

export function renderNode(
  design: NodeDesign,
  timesync: TimesyncConfig,
  family: ConfigFamily,
  facts: ConfigureFacts | null = null,
): RenderedNode {
  return { design, timesync, family, facts, files: filesOf(design, timesync, family, facts) };
}

/** Those chosen, and all who would get one document with them: whoever applies it rewrites those as well. */
export function sharingWith(
  chosen: readonly NodeDesign[],
  format: FormatName | null,
  all: readonly NodeDesign[],
): readonly NodeDesign[] {
  if (format === null) return chosen;
  const { sharedBy }: Format = formats[format];
  if (sharedBy === undefined) return chosen;
  const shared = new Set(chosen.filter(({ adopted }) => !adopted).map(sharedBy));
  return all.filter((design) => chosen.includes(design) || shared.has(sharedBy(design)));
}

/**
 * Each is said once, with the names of its nodes.
 * @param format null: plain files, which a person or another tool installs
 * @param all with whoever shares a document with them (`sharingWith`)
 */
export function renderProblems(
  format: FormatName | null,
  all: readonly RenderedNode[],
): readonly DesignProblem[] {
  const nodes = all.filter(({ design }) => !design.adopted);
  const found = nodes.flatMap(({ design, timesync, facts }) =>
    facts === null
      ? []
      : [...ptpProblems(design, facts), ...planWarnings(design, timesync, facts)].map((problem) => ({
          design,
          problem,
        })),
  );
  const seen = groupedByText(found).map(({ problem, designs }) => withNames(designs, problem));
  if (format === null) return [...seen, ...missingDaemon(nodes)];
  const { family, problems }: Format = formats[format];
  const adopted = all.filter(({ design }) => design.adopted);
  return [...seen, ...otherLayout(family, nodes), ...problems(nodes, adopted)];
}
