/** Rolls samples up, lets go what is too old, and keeps the file within its size. */
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { pragma } from './database.ts';
import type { Options, Size } from './messages.ts';
import { asRollups, merged } from './rollup-sql.ts';

/** A sample may still be on its way to the file for so long after its moment. */
const LATE_SECONDS = 30;
/** Room is made in pieces of this share of the time that a table spans. */
const PIECE = 0.1;

export interface Upkeep {
  /** @param newest milliseconds of the newest sample */
  rollUp(newest: number): void;
  letGo(newest: number): void;
  /** Oldest samples go first, then minutes, then quarters of an hour. */
  makeRoom(newest: number): void;
  size(): Size;
  /** Bytes of the file and its write-ahead log. */
  bytes(): number;
}

export function createUpkeep(database: DatabaseSync, options: Options): Upkeep {
  const { oldest, remove } = createTables(database);
  const roller = createRoller(database, oldest);
  const onDisk = (): number => pragma(database, 'page_count') * pragma(database, 'page_size');
  const log = `${options.path}-wal`;
  const bytes = (): number => onDisk() + (statSync(log, { throwIfNoEntry: false })?.size ?? 0);
  return {
    rollUp(newest) {
      inTransaction(database, () => {
        roller.roll('minute', newest / 1000 - LATE_SECONDS);
        roller.roll('quarter', roller.until('minute') ?? 0);
      });
    },
    letGo(newest) {
      const now = newest / 1000;
      inTransaction(database, () => {
        remove('sample', (now - options.rawSeconds) * 1000);
        remove('minute', now - options.rollupSeconds);
        remove('quarter', now - options.rollupSeconds);
        remove('step', (now - options.rollupSeconds) * 1000);
        database.prepare('DELETE FROM change WHERE ts < ?').run((now - options.rollupSeconds) * 1000);
      });
      database.exec('PRAGMA incremental_vacuum');
    },
    makeRoom(newest) {
      if (onDisk() <= options.maxBytes) return;
      this.rollUp(newest);
      for (const table of ['sample', 'minute', 'quarter'] as const) {
        for (let first = oldest(table); first !== null; first = oldest(table)) {
          if (onDisk() <= options.maxBytes * (1 - PIECE)) return;
          const end = table === 'sample' ? newest : newest / 1000;
          const cut = first + Math.max((end - first) * PIECE, 1);
          inTransaction(database, () => remove(table, cut));
          database.exec('PRAGMA incremental_vacuum');
        }
      }
    },
    size() {
      const quarter = oldest('quarter') ?? oldest('minute');
      const sample = oldest('sample');
      const candidates = [quarter, sample === null ? null : sample / 1000].filter((at) => at !== null);
      return { bytes: bytes(), oldestAt: candidates.length === 0 ? null : Math.min(...candidates) };
    },
    bytes,
  };
}

interface Tables {
  /** In the table's own unit; null: it is empty. */
  oldest(table: Table): number | null;
  remove(table: Table, before: number): void;
}

/** Node by node, by the primary key: never a walk over a whole table. */
function createTables(database: DatabaseSync): Tables {
  const nodes = database.prepare('SELECT id FROM node');
  return {
    oldest(table) {
      const row = database
        .prepare(`SELECT min((SELECT min(ts) FROM ${table} WHERE node_id = node.id)) AS first FROM node`)
        .get();
      return row?.first === null || row === undefined ? null : Number(row.first);
    },
    remove(table, before) {
      const statement = database.prepare(`DELETE FROM ${table} WHERE node_id = ? AND ts < ?`);
      for (const { id } of nodes.all()) statement.run(id ?? null, before);
    },
  };
}

interface Roller {
  /** Seconds up to which this level is rolled up; null: not begun. */
  until(level: Level): number | null;
  roll(level: Level, upToSeconds: number): void;
}

function createRoller(database: DatabaseSync, oldest: Tables['oldest']): Roller {
  const untilOf = database.prepare('SELECT until FROM rolled WHERE level = ?');
  const setUntil = database.prepare('INSERT OR REPLACE INTO rolled VALUES (?, ?)');
  // The order of the join is forced: a seek for each node instead of a walk over all samples.
  const statements = {
    minute: database.prepare(
      `INSERT OR REPLACE INTO minute ${merged(60, `SELECT ${asRollups} FROM node CROSS JOIN sample ON node_id = node.id AND ts >= ?1 * 1000 AND ts < ?2 * 1000`)}`,
    ),
    quarter: database.prepare(
      `INSERT OR REPLACE INTO quarter ${merged(900, 'SELECT minute.* FROM node CROSS JOIN minute ON node_id = node.id AND ts >= ?1 AND ts < ?2')}`,
    ),
  };
  const until = (level: Level): number | null => {
    const known = untilOf.get(level)?.until;
    return known === undefined || known === null ? null : Number(known);
  };
  return {
    until,
    roll(level, upToSeconds) {
      const first = level === 'minute' ? oldest('sample') : oldest('minute');
      const start = until(level) ?? Math.floor((first ?? 0) / (level === 'minute' ? 1000 : 1));
      const from = Math.floor(start / widths[level]) * widths[level];
      const end = Math.floor(upToSeconds / widths[level]) * widths[level];
      if (first === null || end <= from) return;
      statements[level].run(from, end);
      setUntil.run(level, end);
    },
  };
}

type Table = 'sample' | 'minute' | 'quarter' | 'step';
const widths = { minute: 60, quarter: 900 } as const;
type Level = keyof typeof widths;

function inTransaction(database: DatabaseSync, action: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    action();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
