export { type CliContext, contextOf, defaultLanguage, type GlobalOptions, policyOptions } from './context.ts';
export { type LiveLines, liveLines } from './live.ts';
export { progressOn } from './progress.ts';
export { renderTable, type TableColumn } from './table.ts';
export { width } from './width.ts';
