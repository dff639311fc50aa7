/** All runs of a cluster: what the nodes remember, and what this operator's machine does. */
import type { StoredRun } from '@clockwarden/adapters/run-journal';
import type { NodeMemory } from '@clockwarden/core/configure';

/** `unfinished`: cut on a node, and not put back since. `cut`: this machine never saw its end, and no node is left in it. */
export type RunState = 'done' | 'halted' | 'stopped' | 'rolled-back' | 'unfinished' | 'cut';

export interface HistoryRun {
  /** From 1, in the order of the ids. It moves when a node with older runs comes back. */
  readonly number: number;
  /** `YYYYMMDDTHHMMSSZ-xxxx`, by the operator's clock. */
  readonly id: string;
  readonly kind: 'apply' | 'rollback' | 'resync';
  readonly operator: string;
  /** Node → `applied`, `rolled-back` or `unfinished` as the node says, else its last progress in the operator's journal. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Of all nodes that remember it; null: none does. */
  readonly actions: number | null;
  readonly state: RunState;
}

/** @param memories by node; those that could be asked */
export function historyOf(
  stored: readonly StoredRun[],
  memories: ReadonlyMap<string, NodeMemory>,
): readonly HistoryRun[] {
  const remembered = [...memories].flatMap(([node, { runs }]) => runs.map((run) => ({ node, run })));
  const ids = new Set([...stored.map(({ id }) => id), ...remembered.map(({ run }) => run.id)]);
  return [...ids].sort().map((id, index) => {
    const own = stored.find((run) => run.id === id);
    const known = remembered.filter(({ run }) => run.id === id);
    return {
      number: index + 1,
      id,
      // A `resync` is in the journals of its nodes alone, and leaves nothing behind that could be put back.
      kind: own?.kind ?? (known.every(({ run }) => run.undoOrder.length === 0) ? 'resync' : 'apply'),
      operator: own?.operator ?? known[0]?.run.operator ?? '',
      nodes: { ...own?.nodes, ...Object.fromEntries(known.map(({ node, run }) => [node, run.state])) },
      actions: known.length === 0 ? null : known.reduce((sum, { run }) => sum + run.actions, 0),
      state: stateOf(
        own,
        known.map(({ run }) => run.state),
      ),
    };
  });
}

function stateOf(own: StoredRun | undefined, known: readonly string[]): RunState {
  if (known.includes('unfinished')) return 'unfinished';
  if (known.length > 0 && known.every((state) => state === 'rolled-back')) return 'rolled-back';
  if (own === undefined) return 'done';
  return own.result ?? 'cut';
}

/** `20261122T172204Z-96b0` → ISO 8601. */
export function startOf(id: string): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(id) ?? [];
  return year === undefined ? '' : `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
