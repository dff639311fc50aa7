/** chronyd: its command protocol, and what chronyc prints. Signs are ours everywhere: positive = the node's clock is ahead. */
export { STATUS_UNAUTHORIZED, statusName } from './packet.ts';
export * from './report/index.ts';
export {
  createSession,
  type Session,
  type SessionFailure,
  type SessionResult,
  type Step,
} from './session.ts';
export { isSynchronized, LOCAL_REFERENCE, rootDistance, syncStateOf } from './sync.ts';
