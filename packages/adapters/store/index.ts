/** History in SQLite, in a thread of its own. */
export { openStore } from './client.ts';
