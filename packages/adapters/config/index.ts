export { readInventory } from './inventory.ts';
export { checkConfig, clusterNameOf, loadPolicy } from './load.ts';
export { configJsonSchema } from './schema.ts';
