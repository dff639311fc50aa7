export { readInventory } from './inventory.ts';
export { type ConfigLint, lintConfig } from './lint.ts';
export { checkConfig, clusterNameOf, loadPolicy } from './load.ts';
export { configJsonSchema } from './schema.ts';
