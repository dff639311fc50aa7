/** An inventory as read → nodes, with Ansible's precedence of variables and what its ssh plugin makes of them. */
import type { OperatorErrorDetails } from '../errors/index.ts';
import { type Text, text } from '../text/index.ts';
import { type InventoryDraft, type Place, problem, type Variable, type Variables } from './draft.ts';
import { isAddress, isNodeName, type NodeRole, type NodeSpec, nodeRoles, type SshTarget } from './node.ts';
import { rolesOfGroups } from './roles.ts';
import { shellWords } from './words.ts';

/** Variables from files beside the inventory: group_vars/NAME and host_vars/NAME. */
export interface VariableFiles {
  group(name: string): Variables;
  host(name: string): Variables;
}

export const noVariableFiles: VariableFiles = { group: () => new Map(), host: () => new Map() };

export interface ResolvedInventory {
  readonly nodes: readonly NodeSpec[];
  /** Everything wrong with the inventory; when there is anything, the nodes are not to be trusted. */
  readonly problems: readonly OperatorErrorDetails[];
}

export function resolveInventory(
  draft: InventoryDraft,
  files: VariableFiles = noVariableFiles,
): ResolvedInventory {
  const ancestry = ancestryOf(draft);
  const groupRoles = rolesOfGroups([...draft.groups.keys()]);
  const ofGroups = new Map<string, readonly Variables[]>();
  const layers = (groups: readonly string[]): readonly Variables[] => {
    const key = groups.join('\n');
    const known = ofGroups.get(key) ?? groupLayers(groups, draft, files);
    ofGroups.set(key, known);
    return known;
  };
  const nodes = [...draft.hosts.values()].map((host): NodeSpec => {
    const groups = ancestry.groupsOf(host.groups);
    const variables: Variables = new Map();
    for (const layer of [...layers(groups), host.variables, files.host(host.name)]) {
      for (const [name, variable] of layer) variables.set(name, variable);
    }
    const node = nodeOf(host.name, host.place, new Connection(draft, variables), rolesOf(groups, groupRoles));
    const own = groups.filter((name) => name !== 'all' && name !== 'ungrouped');
    return own.length === 0 ? node : { ...node, groups: own };
  });
  return { nodes, problems: draft.problems };
}

/** From weak to strong: the inventory's all, its groups, group_vars/all, group_vars of the groups. */
function groupLayers(
  groups: readonly string[],
  draft: InventoryDraft,
  files: VariableFiles,
): readonly Variables[] {
  return [
    ...groups.flatMap((name) => draft.groups.get(name)?.variables ?? []),
    ...groups.map((name) => files.group(name)),
  ];
}

/** Which groups a host is in through others, weakest first: by depth, then ansible_group_priority, then name. */
function ancestryOf(draft: InventoryDraft) {
  const parents = new Map<string, string[]>();
  for (const group of draft.groups.values()) {
    for (const child of group.children) {
      const above = parents.get(child);
      if (above === undefined) parents.set(child, [group.name]);
      else above.push(group.name);
    }
  }
  const depths = depthsOf(draft, parents);
  const rank = (name: string) => ({ depth: depths.get(name) ?? 1, ...draft.groups.get(name) });
  const closures = new Map<string, readonly string[]>();
  const groupsOf = (direct: ReadonlySet<string>): readonly string[] => {
    const key = [...direct].sort().join('\n');
    const known = closures.get(key);
    if (known !== undefined) return known;
    const found = new Set(['all']);
    const queue = [...direct];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (found.has(name)) continue;
      found.add(name);
      queue.push(...(parents.get(name) ?? []));
    }
    const sorted = [...found].map(rank).sort(byStrength);
    const groups = sorted.flatMap((group) => group.name ?? []);
    closures.set(key, groups);
    return groups;
  };
  return { groupsOf };
}

/** The longest way down from `all`. Groups that contain themselves have no such way, and are reported. */
function depthsOf(
  draft: InventoryDraft,
  parents: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const depths = new Map<string, number>([['all', 0]]);
  const waiting = new Map([...parents].map(([name, above]) => [name, above.length]));
  const ready = [...draft.groups.keys()].filter((name) => !waiting.has(name));
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    const depth = depths.get(name) ?? 1;
    depths.set(name, depth);
    for (const child of draft.groups.get(name)?.children ?? []) {
      depths.set(child, Math.max(depths.get(child) ?? 1, depth + 1));
      const left = (waiting.get(child) ?? 1) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  for (const [name, left] of waiting) if (left > 0) reportLoop(draft, name);
  return depths;
}

interface Rank {
  readonly depth: number;
  readonly priority?: number;
  readonly name?: string;
}

function byStrength(a: Rank, b: Rank): number {
  if (a.depth !== b.depth) return a.depth - b.depth;
  if (a.priority !== b.priority) return (a.priority ?? 1) - (b.priority ?? 1);
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
}

function reportLoop(draft: InventoryDraft, name: string): void {
  const detail = text(
    `the group \`${name}\` contains itself through its children`,
    `组 \`${name}\` 通过其子组包含了自身`,
  );
  problem(draft, draft.groups.get(name)?.place ?? { where: '', line: 1 }, detail);
}

function rolesOf(groups: readonly string[], groupRoles: ReadonlyMap<string, NodeRole>): readonly NodeRole[] {
  const found = new Set(groups.map((group) => groupRoles.get(group)));
  const roles = nodeRoles.filter((role) => found.has(role));
  return roles.length === 0 ? ['worker'] : roles;
}

function nodeOf(
  hostName: string,
  place: Place,
  connection: Connection,
  roles: readonly NodeRole[],
): NodeSpec {
  const here = /^(ansible\.builtin\.)?local$/.test(connection.text('ansible_connection') ?? '');
  // kubeasz makes the same change before it gives the name to the kubelet.
  const kubeasz = connection.name('k8s_nodename')?.replaceAll('_', '-').toLowerCase();
  const name = kubeasz ?? connection.name('kube_override_hostname') ?? hostName;
  const address = here ? 'localhost' : (connection.address('ansible_host', 'ansible_ssh_host') ?? hostName);
  if (!isAddress(address)) connection.report(place, noAddress(hostName));
  return {
    name,
    address,
    roles,
    ssh: here ? {} : connection.ssh(),
    ...(here ? { sources: ['local'] } : {}),
    origin: `${place.where}:${place.line}`,
  };
}

function noAddress(name: string): Text {
  return text(
    `\`${name}\` is no host name or address; give it an ansible_host`,
    `\`${name}\` 不是主机名或地址；请设置 ansible_host`,
  );
}

/** The variables of one host that say how to reach it. Of several names for one thing Ansible takes the last that is set. */
class Connection {
  readonly #draft: InventoryDraft;
  readonly #variables: Variables;

  constructor(draft: InventoryDraft, variables: Variables) {
    this.#draft = draft;
    this.#variables = variables;
  }

  /** Undefined: not set, empty, or wrong (and reported). */
  text(...names: readonly string[]): string | undefined {
    const found = this.#last(names);
    if (found === undefined) return undefined;
    const { value } = found.variable;
    if (value === null || value === '') return undefined;
    if (typeof value === 'object') {
      this.#problem(
        found,
        'text is wanted, not a list, a map or something encrypted',
        '应为文本，而不是列表、映射或加密内容',
      );
      return undefined;
    }
    if (/\{\{|\{%/.test(String(value))) {
      this.#problem(found, 'templates are not evaluated; write the value itself', '不支持模板，请直接写出值');
      return undefined;
    }
    if (/\p{Cc}/u.test(String(value))) {
      this.#problem(found, 'control characters are not allowed', '不允许控制字符');
      return undefined;
    }
    return String(value);
  }

  name(name: string): string | undefined {
    const written = this.text(name);
    if (written === undefined || isNodeName(written)) return written;
    this.#problem(this.#last([name]), 'it is not a node name', '不是节点名称');
    return undefined;
  }

  address(...names: readonly string[]): string | undefined {
    const written = this.text(...names)?.replace(/^\[(.*)\]$/, '$1');
    if (written === undefined || isAddress(written)) return written;
    this.#problem(this.#last(names), 'it is not a host name or address', '不是主机名或地址');
    return undefined;
  }

  report(place: Place, detail: Text): void {
    problem(this.#draft, place, detail);
  }

  ssh(): SshTarget {
    const user = this.#user();
    const port = this.#port();
    const identityFile = this.text('ansible_private_key_file', 'ansible_ssh_private_key_file');
    const extraArguments = ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args'].flatMap(
      (name) => this.#words(name),
    );
    return {
      ...(user === undefined ? {} : { user }),
      ...(port === undefined ? {} : { port }),
      ...(identityFile === undefined ? {} : { identityFile }),
      ...(extraArguments.length === 0 ? {} : { extraArguments }),
    };
  }

  #user(): string | undefined {
    const names = ['ansible_user', 'ansible_ssh_user'];
    const user = this.text(...names);
    // ssh(1) would take a leading hyphen for an option.
    if (user === undefined || /^[^\s@:-][^\s@:]*$/.test(user)) return user;
    this.#problem(this.#last(names), 'it is not a user name', '不是用户名');
    return undefined;
  }

  #port(): number | undefined {
    const names = ['ansible_port', 'ansible_ssh_port'];
    const written = this.text(...names);
    if (written === undefined) return undefined;
    const port = /^\d{1,5}$/.test(written) ? Number(written) : 0;
    if (port >= 1 && port <= 65_535) return port;
    this.#problem(this.#last(names), 'it is not a port', '不是端口号');
    return undefined;
  }

  #words(name: string): readonly string[] {
    const written = this.text(name);
    if (written === undefined) return [];
    const words = shellWords(written);
    if (words === null) this.#problem(this.#last([name]), 'a quote is not closed', '有未闭合的引号');
    return words ?? [];
  }

  #last(names: readonly string[]): { readonly name: string; readonly variable: Variable } | undefined {
    return names
      .flatMap((name) => {
        const variable = this.#variables.get(name);
        return variable === undefined || variable.value === null ? [] : [{ name, variable }];
      })
      .at(-1);
  }

  /** A variable of a group is wrong once, not once a host. */
  #problem(
    found: { readonly name: string; readonly variable: Variable } | undefined,
    en: string,
    zh: string,
  ): void {
    if (found === undefined) return;
    const { where, line } = found.variable.place;
    const detail = text(`\`${found.name}\`: ${en}`, `\`${found.name}\`:${zh}`);
    const known = this.#draft.problems.some(
      (other) => other.where === where && other.line === line && other.detail?.en === detail.en,
    );
    if (!known) problem(this.#draft, found.variable.place, detail);
  }
}
