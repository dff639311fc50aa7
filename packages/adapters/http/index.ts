/** HTTP as the sources need it: credentials from files, kept connections, deadlines, size limits, stamps. */
export {
  createHttpClient,
  type HttpClient,
  type HttpOptions,
  type HttpResult,
  type HttpTarget,
} from './client.ts';
export { describeStatus } from './failure.ts';
export { Pace } from './pace.ts';
