/** The files of a node in the shapes that other tools install: one file each, and one line here. */
import type { NodeDesign } from '../design.ts';
import type { WantedFile } from '../files.ts';
import { butane } from './butane.ts';
import { cloudInit } from './cloud-init.ts';
import { ignition } from './ignition.ts';
import { machineConfig } from './machine-config.ts';
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

export type Format = (design: NodeDesign, files: readonly WantedFile[]) => RenderedDocument;

export const formats = {
  'cloud-init': cloudInit,
  ignition,
  butane,
  'machine-config': machineConfig,
  talos,
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
