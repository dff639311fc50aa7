/** What `clockwarden query --json` prints: docs/reference/json-query.md. */
export { type QueriedName, queryReportOf } from './build.ts';
export { type QueryReport, type QueryReportServer, queryReportSchema } from './schema.ts';
