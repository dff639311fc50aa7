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
    const rows = samples.names.map((name, index) => {
      const row = encode(idOf(name), samples.numbers, index * SAMPLE_WIDTH);
      first = Math.min(first, row[1]);
      newest = row[1];
      return row;
    });
    // In the order of the table, so that rows of one node go to one page.
    rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let since = 0;
    let changed = 0;
    for (const [index, row] of rows.entries()) {
      addSample.run(...row);
      const before = rows[index - 1];
      const sameNode = before?.[0] === row[0];
      if (!sameNode || before[7] !== row[7]) since = row[1];
      changed = sameNode && (changed === 1 || before[7] !== row[7]) ? 1 : 0;
      if (rows[index + 1]?.[0] !== row[0]) setLatest.run(...row, since, changed);
    }
    const second = Math.floor(first / 900_000) * 900;
    if (Number.isFinite(second)) rewind.run(second, second + 900);
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

function encode(id: number, numbers: Float64Array, at: number): Row {
  const [seconds = 0, offset = Number.NaN, low = Number.NaN, high = Number.NaN, frequency, reach, status] =
    numbers.subarray(at, at + SAMPLE_WIDTH);
  return [
    id,
    Math.round(seconds * 1000),
    known(nano(offset)),
    known(nano(offset - low)),
    known(nano(high - offset)),
    known(Math.round((frequency ?? Number.NaN) * 1e6)),
    known(reach ?? Number.NaN),
    status ?? 0,
  ];
}

function nano(seconds: number): number {
  return Math.round(seconds * 1e9);
}

function known(value: number): Value {
  return Number.isFinite(value) ? value : null;
}
