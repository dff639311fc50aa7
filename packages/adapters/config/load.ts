import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperatorError, type OperatorErrorDetails } from '@clockwarden/core/errors';
import { type NodeSpec, nodeRoles } from '@clockwarden/core/inventory';
import type { ClusterPolicy, PresetName } from '@clockwarden/core/policy';
import { nearest } from '@clockwarden/core/spelling';
import { text } from '@clockwarden/core/text';
import { buildPolicy } from './build.ts';
import { plainValue, readYaml, type YamlDocument } from './document.ts';
import { readInventory } from './inventory.ts';
import { configNodes, duplicateNames } from './nodes.ts';
import { problemsOf } from './problems.ts';
import { readText } from './read-text.ts';
import { resolvePath } from './resolve-path.ts';
import { type Config, configSchema, type NodeTimesyncConfig } from './schema.ts';
import { thisMachine } from './this-machine.ts';
import { distinguish, namesOf, presetOf } from './timesync.ts';
import { clusterName } from './values.ts';

interface LoadOptions {
  /** --config. Undefined: clockwarden.yaml in `cwd` when there is one. */
  readonly configPath?: string | undefined;
  /** --inventory: takes the place of the configuration's own nodes and inventory. */
  readonly inventoryPath?: string | undefined;
  readonly cwd: string;
  /** --timeout: takes the place of every source's own. */
  readonly timeoutSeconds?: number | undefined;
  /** --preset: takes the place of the file's own `timesync.preset`. */
  readonly preset?: PresetName | undefined;
}

/**
 * The policy from clockwarden.yaml and the inventory, or this machine as a cluster of one when there is neither.
 * Throws OperatorError that lists every mistake with its place. Reads the files anew at every call.
 */
export function loadPolicy(options: LoadOptions): ClusterPolicy {
  const configPath = findConfig(options);
  const read = configPath === null ? noConfig : readConfig(configPath);
  const { config } = read;
  const folder = configPath === null ? options.cwd : dirname(configPath);
  const inventoryPath = findInventory(options, config, folder);
  const preset = presetOf(config, options.preset);
  const parts = { config, folder, preset, timeoutSeconds: options.timeoutSeconds };
  const here = thisMachine();
  if (configPath === null && inventoryPath === null) {
    const name = here.name;
    return buildPolicy({ ...parts, nodes: [here], overrides: new Map(), name, historyName: 'history' });
  }
  const isOwn = options.inventoryPath === undefined;
  const own = isOwn ? read.nodes : [];
  const listed = inventoryPath === null ? own : [...own, ...readInventory(inventoryPath, options.cwd)];
  const nobodySaid = config.nodes === undefined && inventoryPath === null;
  const all = nobodySaid ? [here] : listed;
  const problems = [...duplicateNames(listed), ...strangeGroups(read, all, configPath ?? '')];
  if (problems.length > 0) throw new OperatorError('config-invalid', ...problems);
  const name = config.name ?? clusterNameOf(configPath ?? inventoryPath ?? '');
  const distinct = distinguish(all, config.groups ?? {}, isOwn ? read.timesync : new Map());
  return buildPolicy({ ...parts, ...distinct, name, historyName: name });
}

/** A group that no node is in, or a name misspelt, would change nothing without a word. */
function strangeGroups(
  { config, yaml }: ReadConfig,
  nodes: readonly NodeSpec[],
  where: string,
): readonly OperatorErrorDetails[] {
  if (config.groups === undefined) return [];
  const known = new Set<string>(['all', ...nodeRoles, ...nodes.flatMap(namesOf)]);
  return Object.keys(config.groups)
    .filter((name) => !known.has(name))
    .map((name) => {
      const meant = nearest(name, [...known]);
      const hint =
        meant === null ? text('', '') : text(`; is \`${meant}\` meant?`, `；是否应为 \`${meant}\`？`);
      return {
        where,
        ...(yaml === null ? {} : yaml.position(['groups'], name)),
        detail: text(
          `\`groups\`: no node is in a group, has a role or is called \`${name}\`${hint.en}`,
          `\`groups\`：没有节点属于名为 \`${name}\` 的组，也没有同名的角色或节点${hint['zh-CN']}`,
        ),
      };
    });
}

interface ReadConfig {
  readonly config: Config;
  readonly nodes: readonly NodeSpec[];
  readonly timesync: ReadonlyMap<string, NodeTimesyncConfig>;
  readonly yaml: YamlDocument | null;
}

const noConfig: ReadConfig = { config: {}, nodes: [], timesync: new Map(), yaml: null };

function findConfig({ configPath, cwd }: LoadOptions): string | null {
  if (configPath !== undefined) return resolvePath(cwd, configPath);
  const usual = join(cwd, 'clockwarden.yaml');
  return statSync(usual, { throwIfNoEntry: false }) === undefined ? null : usual;
}

function findInventory(options: LoadOptions, config: Config, folder: string): string | null {
  if (options.inventoryPath !== undefined) return resolvePath(options.cwd, options.inventoryPath);
  return config.inventory === undefined ? null : resolvePath(folder, config.inventory);
}

/** A name from where a file lies: kubeasz keeps the `hosts` of each cluster in a folder of its name, as people do with projects. */
export function clusterNameOf(path: string): string {
  const name = clusterName.safeParse(basename(dirname(path)));
  return name.success ? name.data : 'cluster';
}

function readConfig(path: string): ReadConfig {
  return parseConfig(readText(path, 'config-not-found', 'config-invalid'), path);
}

/** Throws OperatorError unless the text could stand in clockwarden.yaml at `path`. Its inventory is not read. */
export function checkConfig(content: string, path: string): void {
  const problems = duplicateNames(parseConfig(content, path).nodes);
  if (problems.length > 0) throw new OperatorError('config-invalid', ...problems);
}

function parseConfig(content: string, path: string): ReadConfig {
  const yaml = readYaml(content, path);
  if ('problems' in yaml) throw new OperatorError('config-invalid', ...yaml.problems);
  const plain = plainValue(yaml, path);
  if ('problems' in plain) throw new OperatorError('config-invalid', ...plain.problems);
  // An empty file, or one of comments only, says nothing: every default.
  const parsed = configSchema.safeParse(plain.value ?? {}, { reportInput: true });
  if (!parsed.success) {
    throw new OperatorError('config-invalid', ...problemsOf(parsed.error.issues, yaml, path));
  }
  const { nodes, timesync, problems } = configNodes(parsed.data.nodes ?? [], yaml, path, dirname(path));
  const all = [...problems, ...contradictions(parsed.data, yaml, path)];
  if (all.length > 0) throw new OperatorError('config-invalid', ...all);
  return { config: parsed.data, nodes, timesync, yaml };
}

/** What each key allows by itself and not together with another. */
function contradictions(
  { limits, sources }: Config,
  yaml: YamlDocument,
  where: string,
): readonly OperatorErrorDetails[] {
  const problems: OperatorErrorDetails[] = [];
  const { warning = 30, critical = 120 } = limits?.median ?? {};
  if (warning >= critical) {
    const detail = text(
      '`limits.median.warning` must be below `critical` (30s and 2m unless written)',
      '`limits.median.warning` 必须小于 `critical`(未写时分别为 30s 和 2m)',
    );
    problems.push({ where, ...yaml.position(['limits', 'median']), detail });
  }
  for (const kind of ['node-exporter', 'prometheus'] as const) {
    const source = sources === undefined || Array.isArray(sources) ? undefined : sources[kind];
    if (typeof source !== 'object') continue;
    for (const [one, other] of [
      ['username', 'passwordFile'],
      ['certFile', 'keyFile'],
    ] as const) {
      if ((source[one] === undefined) === (source[other] === undefined)) continue;
      const detail = text(
        `\`${one}\` and \`${other}\` belong together`,
        `\`${one}\` 和 \`${other}\` 必须同时设置`,
      );
      problems.push({ where, ...yaml.position(['sources', kind]), detail });
    }
  }
  return problems;
}
