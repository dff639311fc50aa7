export { type CliContext, contextOf, defaultLanguage, type GlobalOptions } from './context.ts';
export { renderTable, type TableColumn } from './table.ts';
export { width } from './width.ts';
