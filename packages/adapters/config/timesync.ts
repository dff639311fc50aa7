/** The `timesync:` block and what groups and nodes have differently, as written → as core wants it. */
import type { NodeSpec } from '@clockwarden/core/inventory';
import {
  type ClusterPolicy,
  defaultTimesync,
  type Preset,
  type PresetName,
  type PtpConfig,
  presets,
  type TimesyncOverride,
} from '@clockwarden/core/policy';
import { resolvePath } from './resolve-path.ts';
import type { Config, NodeTimesyncConfig } from './schema.ts';

/** What the command line asks for goes before what the file names; undefined: neither does. */
export function presetOf(config: Config, asked: PresetName | undefined): Preset | undefined {
  const name = asked ?? config.timesync?.preset;
  return name === undefined ? undefined : presets[name];
}

/** Defaults, over them the preset, over it what is written. */
export function timesyncOf(
  written: Config['timesync'],
  preset: Preset | undefined,
  folder: string,
): Pick<ClusterPolicy, 'timesync'> {
  if (written === undefined) {
    return preset === undefined ? {} : { timesync: { ...defaultTimesync, ...preset.timesync } };
  }
  const { enabled, topology, threshold, keys, preset: _, ...rest } = written;
  return {
    timesync: {
      ...defaultTimesync,
      ...preset?.timesync,
      ...overrideOf(rest),
      ...(enabled === undefined ? {} : { enabled }),
      ...(topology === undefined ? {} : { topology }),
      keys: keys === undefined ? null : { file: resolvePath(folder, keys.file), id: keys.id, content: null },
      thresholdSeconds: threshold ?? null,
    },
  };
}

/** Only what is written: a list, also an empty one, takes the place of another. */
function overrideOf(written: NodeTimesyncConfig): TimesyncOverride {
  const { makestep, minsources, minSources = minsources, ptp, ...rest } = written;
  const plain = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...plain,
    ...(makestep === undefined
      ? {}
      : { makestep: { thresholdSeconds: makestep.threshold, limit: makestep.limit } }),
    ...(minSources === undefined ? {} : { minSources }),
    ...(ptp === undefined ? {} : { ptp: ptpOf(ptp) }),
  };
}

function ptpOf(written: NonNullable<NodeTimesyncConfig['ptp']>): PtpConfig {
  const { interfaces, domain = 0, transport = 'UDPv4', program = 'ptp4l' } = written;
  return { interfaces, domain, transport, program };
}

export interface Distinct {
  readonly nodes: readonly NodeSpec[];
  readonly overrides: ReadonlyMap<string, TimesyncOverride>;
}

/**
 * Each node with what its roles, its groups (weakest first, as Ansible ranks them), an entry of its own name under
 * `groups`, and its own entry under `nodes` have differently: the later goes before the earlier, key by key.
 * @param own what entries of `nodes` have, by the node's name
 */
export function distinguish(
  nodes: readonly NodeSpec[],
  groups: NonNullable<Config['groups']>,
  own: ReadonlyMap<string, NodeTimesyncConfig>,
): Distinct {
  const overrides = new Map<string, TimesyncOverride>();
  const settled = nodes.map((node): NodeSpec => {
    const blocks = namesOf(node).flatMap((name) => (Object.hasOwn(groups, name) ? (groups[name] ?? []) : []));
    const written = [...blocks.map(({ timesync }) => timesync), own.get(node.name)];
    const override = Object.assign(
      {},
      ...written.map((block) => overrideOf(block ?? {})),
    ) as TimesyncOverride;
    if (Object.keys(override).length > 0) overrides.set(node.name, override);
    const timezone = node.timezone ?? blocks.findLast((block) => block.timezone !== undefined)?.timezone;
    return timezone === undefined ? node : { ...node, timezone };
  });
  return { nodes: settled, overrides };
}

/** Every name under which `groups` may speak of a node, the strongest last. */
export function namesOf(node: NodeSpec): readonly string[] {
  return [...new Set(['all', ...node.roles, ...(node.groups ?? []), node.name])];
}
