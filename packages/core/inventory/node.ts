/** Who the nodes are, as every station after the inventory sees them. */

/** `ntp-server`: a node that serves time to the others (kubeasz's group `chrony`). One node may have several roles. */
export const nodeRoles = ['control-plane', 'etcd', 'worker', 'ntp-server'] as const;
export type NodeRole = (typeof nodeRoles)[number];

export interface SshTarget {
  readonly user?: string;
  readonly port?: number;
  readonly identityFile?: string;
  /** Extra arguments of ssh(1), already split into words; never given to a shell. */
  readonly extraArguments?: readonly string[];
}

export interface NodeSpec {
  /** The name Kubernetes knows; unique in the cluster. */
  readonly name: string;
  /** Host name or address (IPv6 without brackets) that sources connect to. `localhost` with source `local` is this machine. */
  readonly address: string;
  readonly roles: readonly NodeRole[];
  readonly ssh: SshTarget;
  /** Groups of the inventory that it is in, through other groups too, the weakest first; undefined: it came without. */
  readonly groups?: readonly string[];
  /** Kinds of sources to ask for this node; undefined: those of the policy. */
  readonly sources?: readonly string[];
  /** Timezone wanted on this node where it differs from the policy's. */
  readonly timezone?: string;
  /** Where this node was defined: `file:line`, for messages. */
  readonly origin: string;
}

/**
 * At most 253 letters and digits of ASCII and `. _ : % @ + -`, no hyphen first, which programs take for an option: names get
 * into paths, pages and command lines. Kubernetes itself takes fewer (RFC 1123 subdomains).
 */
export function isNodeName(value: string): boolean {
  return !/^\.\.?$/.test(value) && /^[A-Za-z0-9._:%@+][A-Za-z0-9._:%@+-]{0,252}$/.test(value);
}

/** Host name or IP address without a port. ssh(1) would take a hyphen at its start for an option. */
export function isAddress(value: string): boolean {
  return /^(?!-)[A-Za-z0-9._:%-]{1,253}$/.test(value);
}

/** The role that decides the limits: the strictest that the node has. A node without a role is a worker. */
export function primaryRole(roles: readonly NodeRole[]): NodeRole {
  return nodeRoles.find((role) => roles.includes(role)) ?? 'worker';
}
