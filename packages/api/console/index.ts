/** What the console asks of the server, under /api/v1. Every number is in seconds or ppm; null is "not known". */
export {
  type Change,
  type ClusterHeader,
  type ClusterPage,
  changeSchema,
  clusterHeaderSchema,
  clusterPageSchema,
  type ServerStatus,
  type Step,
  serverStatusSchema,
  stepSchema,
} from './cluster.ts';
export { explainRequestSchema, explanationSchema } from './explain.ts';
export { type NodeHistory, nodeHistoryQuerySchema, nodeHistorySchema } from './history.ts';
export { type NodePage, nodePageSchema } from './node.ts';
export { type SessionState, sessionStateSchema } from './session.ts';
export { type StreamEvent, streamEventNames } from './stream.ts';
export { type Topology, topologySchema } from './topology.ts';
