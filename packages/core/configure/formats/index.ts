/** The files of a node in the shapes that other tools install: one file each, and one line here. */
import type { TimesyncConfig } from '../../policy/index.ts';
import { type DesignProblem, type NodeDesign, settingsOf } from '../design.ts';
import { withNames } from '../design-problems.ts';
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
  /** The `timesync:` block as this node has it. */
  readonly settings: TimesyncConfig;
  readonly family: ConfigFamily;
  /** What the node said of itself; null: nobody asked it, and `filesOf` assumes. */
  readonly facts: ConfigureFacts | null;
  readonly files: readonly WantedFile[];
}

export interface Format {
  /** Where the systems that take it keep chrony; null: some so, some so. */
  readonly family: ConfigFamily | null;
  readonly document: (node: RenderedNode) => RenderedDocument;
  /** What machines made of it would not have of their designs; an `error`: they would have another time, or none. */
  readonly problems: (nodes: readonly RenderedNode[]) => readonly DesignProblem[];
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
  const files = filesOf(design, timesync, family, facts);
  return { design, settings: settingsOf(design, timesync), family, facts, files };
}

/** @param format null: plain files, which a person or another tool installs */
export function renderProblems(
  format: FormatName | null,
  nodes: readonly RenderedNode[],
): readonly DesignProblem[] {
  const seen = nodes.flatMap(({ design, settings, facts }) => {
    const found =
      facts === null ? [] : [...ptpProblems(design, facts), ...planWarnings(design, settings, facts)];
    return found.map((problem) => withNames([design], problem));
  });
  if (format === null) return [...seen, ...missingDaemon(nodes)];
  const { family, problems }: Format = formats[format];
  return [...seen, ...otherLayout(family, nodes), ...problems(nodes)];
}
