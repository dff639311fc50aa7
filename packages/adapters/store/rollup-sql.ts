/** The one place that says how samples become rollups, and rollups wider ones. */

/** A sample in the shape of a rollup of one. */
export const asRollups = `node_id, ts / 1000 AS ts, offset IS NOT NULL AS known, offset AS mean, offset AS least, offset AS most,
  offset - below AS low, offset + above AS high, frequency, reach, status`;

/**
 * Rows of rollup shape → one row for each node and step of `seconds`. Reals in the sum: offsets of decades in
 * nanoseconds would overflow it.
 */
export function merged(seconds: number, rows: string): string {
  return `SELECT node_id, CAST(ts / ${seconds} AS INTEGER) * ${seconds} AS ts, sum(known) AS known,
    round(sum(CAST(mean AS REAL) * known) / nullif(sum(known), 0)) AS mean,
    min(least) AS least, max(most) AS most, min(low) AS low, max(high) AS high,
    round(avg(frequency)) AS frequency, min(reach) AS reach, max(status) AS status
    FROM (${rows}) GROUP BY 1, 2`;
}
