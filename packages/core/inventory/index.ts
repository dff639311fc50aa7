export type { InventoryDraft, Variables } from './draft.ts';
export { readIniInventory } from './ini.ts';
export {
  isAddress,
  isNodeName,
  type NodeRole,
  type NodeSpec,
  nodeRoles,
  primaryRole,
  type SshTarget,
} from './node.ts';
export { noVariableFiles, resolveInventory, type VariableFiles } from './resolve.ts';
export { readVariables, readYamlInventory, type YamlTree } from './yaml.ts';
