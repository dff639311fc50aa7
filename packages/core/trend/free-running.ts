import type { NodeObservation } from '../observe/index.ts';

/** chronyd's `local`: the node follows its own clock. */
const LOCAL_CLOCK = '7F7F0101';

/** True when the node's clock is known to follow nobody; false also when that cannot be told. */
export function isFreeRunning({ facts }: Pick<NodeObservation, 'facts'>): boolean {
  const { sync, daemons } = facts;
  if (sync?.value.refId?.toUpperCase() === LOCAL_CLOCK || sync?.value.synchronized === false) return true;
  const owners = daemons?.value.filter((daemon) => daemon.running && daemon.kind !== 'vm-tools');
  return owners !== undefined && owners.length === 0;
}
