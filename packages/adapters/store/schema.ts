/** The tables, as a list of steps: a file of version N has seen the first N of them. Steps that were released never change. */

/** "cLkW" as PRAGMA application_id: tells our files from everybody else's. */
export const APPLICATION_ID = 0x634c_6b57;

const readingColumns = `
  offset INTEGER, below INTEGER, above INTEGER, frequency INTEGER, reach INTEGER, status INTEGER NOT NULL`;
const rollupColumns = `
  node_id INTEGER NOT NULL, ts INTEGER NOT NULL, known INTEGER NOT NULL,
  mean INTEGER, least INTEGER, most INTEGER, low INTEGER, high INTEGER,
  frequency INTEGER, reach INTEGER, status INTEGER NOT NULL, PRIMARY KEY (node_id, ts)`;

/**
 * Offsets are nanoseconds, frequencies millionths of a ppm, `ts` of a sample milliseconds, of a rollup seconds. `below`
 * and `above` are the distances to the ends of the interval: small numbers take few bytes.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE node (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
   CREATE TABLE sample (node_id INTEGER NOT NULL, ts INTEGER NOT NULL, ${readingColumns},
     PRIMARY KEY (node_id, ts)) WITHOUT ROWID;
   CREATE TABLE latest (node_id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, ${readingColumns}, since INTEGER NOT NULL);
   CREATE TABLE minute (${rollupColumns}) WITHOUT ROWID;
   CREATE TABLE quarter (${rollupColumns}) WITHOUT ROWID;
   CREATE TABLE rolled (level TEXT PRIMARY KEY, until INTEGER NOT NULL);`,
  `CREATE TABLE change (id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, node TEXT, kind TEXT NOT NULL,
     was TEXT, became TEXT, en TEXT NOT NULL, zh TEXT NOT NULL);
   CREATE INDEX change_ts ON change (ts);
   CREATE TABLE step (node_id INTEGER NOT NULL, ts INTEGER NOT NULL, size INTEGER NOT NULL, bound INTEGER NOT NULL,
     PRIMARY KEY (node_id, ts)) WITHOUT ROWID;`,
];

export const VERSION = migrations.length;
