/** From readings to verdicts, for ever. */
export type { NewChange } from './changes.ts';
export { ClusterLoop, type ClusterLoopOptions } from './cluster-loop.ts';
