export { type NodeRole, type NodeSpec, nodeRoles, primaryRole, type SshTarget } from './node.ts';
