/** `nodes:` of clockwarden.yaml → NodeSpecs. */
import type { OperatorErrorDetails } from '@clockwarden/core/errors';
import { isAddress, isNodeName, type NodeSpec } from '@clockwarden/core/inventory';
import { text } from '@clockwarden/core/text';
import type { YamlDocument } from './document.ts';
import { resolvePath } from './resolve-path.ts';
import type { NodeConfig, NodeTimesyncConfig } from './schema.ts';
import { addressText, nodeNameText } from './values.ts';

export interface NodesFound {
  readonly nodes: readonly NodeSpec[];
  /** What single nodes have differently, by their names. */
  readonly timesync: ReadonlyMap<string, NodeTimesyncConfig>;
  readonly problems: readonly OperatorErrorDetails[];
}

export function configNodes(
  written: readonly (string | NodeConfig)[],
  yaml: YamlDocument,
  where: string,
  folder: string,
): NodesFound {
  const problems: OperatorErrorDetails[] = [];
  const timesync = new Map<string, NodeTimesyncConfig>();
  const nodes = written.flatMap((entry, index): readonly NodeSpec[] => {
    const at = { where, ...yaml.position(['nodes', index]) };
    const config = typeof entry === 'string' ? shortForm(entry) : entry;
    const { role, roles, ssh = {} } = config;
    const name = config.name ?? config.address;
    const address = config.address ?? config.name;
    if (name === undefined || address === undefined) {
      const detail = text('a node needs a `name`, an `address`, or both', '节点需要 `name` 或 `address`');
      problems.push({ ...at, detail });
      return [];
    }
    if (!isAddress(address) || !isNodeName(name)) {
      problems.push({ ...at, detail: isAddress(address) ? nodeNameText : addressText });
      return [];
    }
    if (config.timesync !== undefined) timesync.set(name, config.timesync);
    const all = [...new Set([...(role === undefined ? [] : [role]), ...(roles ?? [])])];
    return [
      {
        name,
        address,
        roles: all.length === 0 ? ['worker'] : all,
        ssh: {
          ...(ssh.user === undefined ? {} : { user: ssh.user }),
          ...(ssh.port === undefined ? {} : { port: ssh.port }),
          ...(ssh.identityFile === undefined ? {} : { identityFile: resolvePath(folder, ssh.identityFile) }),
        },
        ...(config.sources === undefined ? {} : { sources: config.sources }),
        ...(config.timezone === undefined ? {} : { timezone: config.timezone }),
        origin: `${where}:${at.line}`,
      },
    ];
  });
  return { nodes, timesync, problems };
}

/** `10.0.0.1` or `cp-1=10.0.0.1`. */
function shortForm(entry: string): NodeConfig {
  const [name = '', ...rest] = entry.split('=');
  return rest.length === 0 ? { address: entry } : { name, address: rest.join('=') };
}

/** One problem for every node whose name an earlier node has. */
export function duplicateNames(nodes: readonly NodeSpec[]): readonly OperatorErrorDetails[] {
  const first = new Map<string, NodeSpec>();
  return nodes.flatMap((node) => {
    const earlier = first.get(node.name);
    if (earlier === undefined) {
      first.set(node.name, node);
      return [];
    }
    return [
      {
        where: node.origin,
        detail: text(
          `the node name \`${node.name}\` is taken already (${earlier.origin})`,
          `节点名称 \`${node.name}\` 已被使用(${earlier.origin})`,
        ),
      },
    ];
  });
}
