/**
 * The state of the cluster as JSON: printed by `check --json`, served by GET /api/v1/cluster. Offsets are seconds
 * against the cluster median, positive = ahead; null is "not known", never zero. Adding a field keeps the version.
 */
export { isoOf, nodeSnapshotOf, snapshotOf } from './build.ts';
export { type LocalizedSnapshot, localizeSnapshot } from './localize.ts';
export {
  localizedSnapshotSchema,
  type NodeRow,
  type NodeSnapshot,
  nodeRowSchema,
  nodeSchema,
  type ReasonSnapshot,
  reasonSchema,
  type Snapshot,
  snapshotSchema,
  textSchema,
} from './schema.ts';
