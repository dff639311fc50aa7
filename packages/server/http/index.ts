/** HTTP: the API under /api/v1, the live stream, /metrics and the console. */
export { createApp } from './app.ts';
export type { AppParts } from './parts.ts';
export { createStaticFiles } from './static.ts';
export { type ConfigProblem, createStatus } from './status.ts';
export { createLiveStream } from './stream.ts';
