/** Reads the history back. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DisplayStatus } from '@clockwarden/core/assess';
import type { HistoryColumns, StoredChange, StoredStep } from '@clockwarden/core/ports';
import { LATEST_WIDTH, type LatestBlock, statusCodes } from './messages.ts';
import { asRollups, merged } from './rollup-sql.ts';

export interface Reader {
  history(node: string, from: number, to: number, points: number): HistoryColumns;
  latest(): LatestBlock;
  changes(from: number): readonly StoredChange[];
  steps(from: number): readonly StoredStep[];
}

/** Multiplied in SQL, so that a number of any size arrives as a real: seconds, and ppm. */
const inSeconds = (column: string): string => `${column} * 1e-9`;
const columns = `ts, ${inSeconds('mean')}, ${inSeconds('least')}, ${inSeconds('most')}, ${inSeconds('low')}, ${inSeconds('high')}, frequency * 1e-6, reach, status`;

export function createReader(database: DatabaseSync): Reader {
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    let found = prepared.get(sql);
    if (found === undefined) {
      found = database.prepare(sql);
      prepared.set(sql, found);
    }
    return found;
  };
  const number = (sql: string, ...values: (string | number)[]): number | null => {
    const row = statement(sql).get(...values);
    const value = row === undefined ? null : Object.values(row)[0];
    return value === null || value === undefined ? null : Number(value);
  };
  return {
    history(name, from, to, points) {
      const id = number('SELECT id FROM node WHERE name = ?', name);
      if (id === null) return toColumns(0, []);
      const step = stepFor(number, id, from, to, points);
      const sql = step === 0 ? samples : rollups(step);
      const rows = statement(sql);
      rows.setReturnArrays(true);
      return toColumns(step, rows.all(id, from, to) as unknown as Row[]);
    },
    latest() {
      const rows = statement(latestSql);
      rows.setReturnArrays(true);
      const all = rows.all() as unknown as (readonly [string, ...(number | null)[]])[];
      const numbers = new Float64Array(all.length * LATEST_WIDTH);
      for (const [index, row] of all.entries()) {
        for (let column = 0; column < LATEST_WIDTH; column += 1) {
          numbers[index * LATEST_WIDTH + column] = Number(row[column + 1] ?? Number.NaN);
        }
      }
      return { names: all.map((row) => row[0]), numbers };
    },
    changes(from) {
      return statement('SELECT ts / 1000.0 AS at, * FROM change WHERE ts >= ? ORDER BY ts, id')
        .all(from * 1000)
        .map((row) => ({
          at: Number(row.at),
          node: textOrNull(row.node),
          kind: String(row.kind),
          from: textOrNull(row.was),
          to: textOrNull(row.became),
          text: { en: String(row.en), 'zh-CN': String(row.zh) },
        }));
    },
    steps(from) {
      return statement(
        `SELECT name, ts / 1000.0 AS at, ${inSeconds('size')} AS size, ${inSeconds('bound')} AS bound
         FROM node CROSS JOIN step ON node_id = node.id AND ts >= ? ORDER BY ts`,
      )
        .all(from * 1000)
        .map((row) => ({
          node: String(row.name),
          at: Number(row.at),
          seconds: Number(row.size),
          boundSeconds: Number(row.bound),
        }));
    },
  };
}

const latestSql = `SELECT name, ts / 1000.0, ${inSeconds('offset')}, ${inSeconds('(offset - below)')},
  ${inSeconds('(offset + above)')}, frequency * 1e-6, reach, status, since / 1000.0
  FROM latest JOIN node ON node.id = node_id`;

const samples = `SELECT ts / 1000.0, ${columns.slice('ts, '.length)} FROM
  (SELECT node_id, ts, offset AS mean, offset AS least, offset AS most, offset - below AS low, offset + above AS high,
   frequency, reach, status FROM sample WHERE node_id = ?1 AND ts >= ?2 * 1000 AND ts <= ?3 * 1000) ORDER BY ts`;

/** From the widest rollup that is fine enough, its unfinished end from the finer ones. */
function rollups(step: number): string {
  const until = (level: string): string => `coalesce((SELECT until FROM rolled WHERE level = '${level}'), 0)`;
  const raw = `SELECT ${asRollups} FROM sample WHERE node_id = ?1 AND ts >= max(?2, ${until('minute')}) * 1000 AND ts <= ?3 * 1000`;
  const minutes = (from: string): string =>
    `SELECT * FROM minute WHERE node_id = ?1 AND ts >= max(?2 - 60, ${from}) AND ts < ${until('minute')} AND ts <= ?3`;
  const quarters = `SELECT * FROM quarter WHERE node_id = ?1 AND ts >= ?2 - 900 AND ts < ${until('quarter')} AND ts <= ?3`;
  const parts = step % 900 === 0 ? [quarters, minutes(until('quarter')), raw] : [minutes('0'), raw];
  return `SELECT ${columns} FROM (${merged(step, parts.join(' UNION ALL '))}) ORDER BY ts`;
}

/** 0 for samples as written; 60, or a multiple of 900, where these would be too many or are gone. */
function stepFor(
  number: (sql: string, ...values: (string | number)[]) => number | null,
  id: number,
  from: number,
  to: number,
  points: number,
): number {
  const count = number(
    'SELECT count(*) FROM (SELECT 1 FROM sample WHERE node_id = ? AND ts >= ? * 1000 AND ts <= ? * 1000 LIMIT ?)',
    id,
    from,
    to,
    points + 1,
  );
  const first = (table: string): number =>
    number(`SELECT min(ts) FROM ${table} WHERE node_id = ?`, id) ?? Number.POSITIVE_INFINITY;
  const firstSample = first('sample') / 1000;
  const firstMinute = first('minute');
  const firstQuarter = first('quarter');
  const covers = (start: number, coarser: number): boolean => start <= from || start <= coarser + 900;
  if ((count ?? 0) <= points && covers(firstSample, Math.min(firstMinute, firstQuarter))) return 0;
  if ((to - from) / 60 < points && covers(firstMinute, firstQuarter)) return 60;
  return 900 * Math.max(1, Math.ceil((to - from) / 900 / (points - 1)));
}

type Row = readonly [number, ...(number | null)[]];

function toColumns(resolutionSeconds: number, rows: readonly Row[]): HistoryColumns {
  const column = (index: number): (number | null)[] => rows.map((row) => row[index] ?? null);
  return {
    resolutionSeconds,
    at: rows.map((row) => row[0]),
    mean: column(1),
    min: column(2),
    max: column(3),
    low: column(4),
    high: column(5),
    frequencyPpm: column(6),
    reach: column(7),
    status: rows.map((row) => statusOf(row[8])),
  };
}

function statusOf(code: unknown): DisplayStatus {
  return statusCodes[Number(code)] ?? 'undetermined';
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : String(value);
}
