/** Puts a batch into the database, all of it or nothing. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredChange, StoredStep } from '@clockwarden/core/ports';
import { SAMPLE_WIDTH, type SampleBlock } from './messages.ts';

/** Changes and steps are kept as long as rollups; the newest sample tells the time, so that a test need not wait. */
export interface Writer {
  write(samples: SampleBlock, changes: readonly StoredChange[], steps: readonly StoredStep[]): void;
  /** Milliseconds of the newest batch; null before the first. */
  readonly newest: number | null;
}

type Value = number | null;
/** Node, milliseconds, and the rest of the columns. */
type Row = readonly [number, number, ...Value[]];

export function createWriter(database: DatabaseSync): Writer {
  const ids = new Map<string, number>();
  const addNode = database.prepare(
    'INSERT INTO node (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id',
  );
  const addSample = database.prepare('INSERT OR REPLACE INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const setLatest = database.prepare(
    // ?9: since when the status is so, as far as this batch knows; ?10: it was another one earlier in the batch.
    `INSERT INTO latest VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
     ON CONFLICT (node_id) DO UPDATE SET ts = ?2, offset = ?3, below = ?4, above = ?5, frequency = ?6, reach = ?7,
       status = ?8, since = CASE WHEN status = ?8 AND NOT ?10 THEN since ELSE ?9 END`,
  );
  const addChange = database.prepare(
    'INSERT INTO change (ts, node, kind, was, became, en, zh) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const addStep = database.prepare('INSERT OR REPLACE INTO step VALUES (?, ?, ?, ?)');
  // A clock of the collector that went backwards: what was rolled up there is rolled up anew.
  const rewind = database.prepare('UPDATE rolled SET until = ? WHERE until > ?');
  const idOf = (name: string): number => {
    const known = ids.get(name);
    if (known !== undefined) return known;
    const id = Number(addNode.get(name)?.id);
    ids.set(name, id);
    return id;
  };
  let newest: number | null = null;

  const addSamples = (samples: SampleBlock): void => {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    // Node by node, so that rows of one node go to one page one after the other.
    for (const [name, starts] of byNode(samples.names)) {
      const id = idOf(name);
      let row: Row | undefined;
      let since = 0;
      let changed = 0;
      for (const start of starts) {
        const before = row;
        row = encode(id, samples.numbers, start);
        addSample.run(...row);
        if (before?.[7] !== row[7]) since = row[1];
        if (before !== undefined && before[7] !== row[7]) changed = 1;
        first = Math.min(first, row[1]);
        last = Math.max(last, row[1]);
      }
      if (row !== undefined) setLatest.run(...row, since, changed);
    }
    if (!Number.isFinite(first)) return;
    newest = last;
    const second = Math.floor(first / 900_000) * 900;
    rewind.run(second, second + 900);
  };

  return {
    get newest() {
      return newest;
    },
    write(samples, changes, steps) {
      database.exec('BEGIN IMMEDIATE');
      try {
        addSamples(samples);
        for (const { at, node, kind, from, to, text } of changes) {
          addChange.run(Math.round(at * 1000), node, kind, from, to, text.en, text['zh-CN']);
        }
        for (const step of steps) addOneStep(addStep, idOf(step.node), step);
        database.exec('COMMIT');
      } catch (error) {
        // Names that were added went with the rest.
        ids.clear();
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

function addOneStep(statement: StatementSync, id: number, step: StoredStep): void {
  statement.run(id, Math.round(step.at * 1000), nano(step.seconds), nano(step.boundSeconds));
}

/** Where the samples of each node begin in the block, in the order in which they came. */
function byNode(names: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const starts = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    const known = starts.get(name);
    if (known === undefined) starts.set(name, [index * SAMPLE_WIDTH]);
    else known.push(index * SAMPLE_WIDTH);
  }
  return starts;
}

function encode(id: number, numbers: Float64Array, at: number): Row {
  const number = (index: number): number => numbers[at + index] ?? Number.NaN;
  const offset = number(1);
  return [
    id,
    Math.round(number(0) * 1000),
    known(nano(offset)),
    known(nano(offset - number(2))),
    known(nano(number(3) - offset)),
    known(Math.round(number(4) * 1e6)),
    known(number(5)),
    number(6),
  ];
}

function nano(seconds: number): number {
  return Math.round(seconds * 1e9);
}

function known(value: number): Value {
  return Number.isFinite(value) ? value : null;
}
