/** Puts loop, store, HTTP and a listening socket together, and takes them apart again. */

export type { Configuration } from './config-watch.ts';
export { type RunningServer, runServer, type ServerOptions } from './server.ts';
