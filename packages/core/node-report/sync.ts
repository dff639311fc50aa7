/** What the node's daemons say of themselves: the sections of chronyc, timedatectl and ntpq. */
import type { NodeFacts } from '../observe/index.ts';
import type { Report } from './report.ts';

type SyncFacts = Pick<NodeFacts, 'sync' | 'chrony' | 'timesync' | 'timedatectl'>;

export function syncFacts(_report: Report): SyncFacts {
  return { sync: null, chrony: null, timesync: null, timedatectl: null };
}
