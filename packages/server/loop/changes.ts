/** What became different, newest last, a bounded number of them. */
import type { Change, Step } from '@clockwarden/api/console';
import type { NodeRow } from '@clockwarden/api/snapshot';
import { type DisplayStatus, displayStatus, displayStatuses } from '@clockwarden/core/assess';
import { formatSeconds, type Text, text } from '@clockwarden/core/text';

const KEPT = 2_000;

export type NewChange = Omit<Change, 'id'>;

export class ChangeLog {
  #changes: Change[] = [];
  #nextId = 1;

  /** As they were when the server last ran. */
  restore(changes: readonly NewChange[]): void {
    for (const change of changes) this.add(change);
  }

  add(change: NewChange): Change {
    const numbered = { id: this.#nextId++, ...change };
    this.#changes.push(numbered);
    if (this.#changes.length > KEPT * 1.1) this.#changes = this.#changes.slice(-KEPT);
    return numbered;
  }

  /** Those at or after `since` (ISO, UTC), oldest first. */
  since(since: string): readonly Change[] {
    return this.#changes.filter((change) => change.at >= since);
  }
}

/** What is different about a node between two looks at it. */
export function nodeChanges(before: NodeRow, after: NodeRow, at: string): readonly NewChange[] {
  const changes: NewChange[] = [];
  const from = displayStatus(before);
  const to = displayStatus(after);
  if (from !== to) changes.push(statusChange(after, from, to, at));
  if (before.follows !== null && after.follows !== null && before.follows !== after.follows) {
    changes.push({
      at,
      node: after.name,
      kind: 'source',
      from: before.follows,
      to: after.follows,
      text: text(
        `${after.name} follows ${after.follows} instead of ${before.follows}.`,
        `${after.name} 改为跟随 ${after.follows}(原为 ${before.follows})。`,
      ),
    });
  }
  return changes;
}

function statusChange(row: NodeRow, from: DisplayStatus, to: DisplayStatus, at: string): NewChange {
  const kind = from === 'unreachable' || to === 'unreachable' ? 'reachability' : 'verdict';
  const why = row.worst?.text ?? text('', '');
  const words = text(
    `${row.name}: ${displayStatuses[to].en}, was ${displayStatuses[from].en}. ${why.en}`.trim(),
    `${row.name}：${displayStatuses[to]['zh-CN']}(原为${displayStatuses[from]['zh-CN']})。${why['zh-CN']}`,
  );
  return { at, node: row.name, kind, from, to, text: words };
}

export function clusterVerdictChange(
  from: DisplayStatus,
  to: DisplayStatus,
  headline: Text,
  at: string,
): NewChange {
  const words = text(
    `Cluster: ${displayStatuses[to].en}, was ${displayStatuses[from].en}. ${headline.en}`,
    `集群：${displayStatuses[to]['zh-CN']}(原为${displayStatuses[from]['zh-CN']})。${headline['zh-CN']}`,
  );
  return { at, node: null, kind: 'verdict', from, to, text: words };
}

export function stepChange(step: Step): NewChange {
  const size = formatSeconds(step.seconds, { signed: true });
  return {
    at: step.at,
    node: step.node,
    kind: 'step',
    from: null,
    to: size,
    text: text(`The clock of ${step.node} was set by ${size}.`, `${step.node} 的时钟被设置，跳变 ${size}。`),
  };
}
