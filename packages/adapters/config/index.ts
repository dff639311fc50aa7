export { adoptInConfig } from './adopt.ts';
export { readInventory } from './inventory.ts';
export { withKeys } from './keys.ts';
export { type ConfigLint, lintConfig } from './lint.ts';
export { checkConfig, clusterNameOf, loadPolicy } from './load.ts';
export { readText } from './read-text.ts';
export { lintRulesFile, readRulesFile } from './rules-file.ts';
export { configJsonSchema } from './schema.ts';
export { parseListen } from './values.ts';
