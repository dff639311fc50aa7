/** NTP as a client: the source of readings, and single servers for `clockwarden query`. */
export { type QueryOptions, type QueryResult, queryServers } from './query.ts';
export { resolveHost } from './resolve.ts';
export { createNtpSource } from './source.ts';
