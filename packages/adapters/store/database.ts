/** Opens the history file, and refuses what is not ours without touching a byte of it. */
import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, migrations, VERSION } from './schema.ts';

export type RefusalCode = 'store-newer' | 'store-unusable';

/** The file is there and must not be written by this program. */
export class RefusedFile extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

const MEMORY = ':memory:';
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
/** Offset in the header of every SQLite file (sqlite.org/fileformat.html, 1.3). */
const APPLICATION_ID_AT = 68;
/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const UNREADABLE: readonly number[] = [11, 26];

/** Throws RefusedFile, or what SQLite and the file system have to say. */
export function openDatabase(path: string): DatabaseSync {
  if (path !== MEMORY) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (isEmpty(path)) closeSync(openSync(path, 'a', 0o600));
    else refuseStrangers(path);
  }
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 2000');
    migrate(database);
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY',
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isEmpty(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/** Looks at the file with plain reads and a read-only connection: neither would write to it, not even a checkpoint. */
function refuseStrangers(path: string): void {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const file = openSync(path, 'r');
  const length = readSync(file, header, 0, HEADER_BYTES, 0);
  closeSync(file);
  const magic = new TextDecoder('latin1').decode(header.buffer.slice(0, MAGIC.length));
  if (length < HEADER_BYTES || magic !== MAGIC || header.getUint32(APPLICATION_ID_AT) !== APPLICATION_ID) {
    throw new RefusedFile('store-unusable', 'not a Clockwarden history');
  }
  const version = versionOf(path);
  if (version > VERSION) throw new RefusedFile('store-newer', `schema ${version}, this is ${VERSION}`);
}

function versionOf(path: string): number {
  const reader = new DatabaseSync(path, { readOnly: true });
  try {
    return pragma(reader, 'user_version');
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    if (errcode === undefined || !UNREADABLE.includes(errcode & 0xff)) throw error;
    throw new RefusedFile('store-unusable', String(error));
  } finally {
    reader.close();
  }
}

/** Brings a file of any older version to this one, all or nothing. */
function migrate(database: DatabaseSync): void {
  const version = pragma(database, 'user_version');
  if (version === VERSION) return;
  if (version === 0) {
    // Both stand in the header that the first page is created with, before the write-ahead log begins.
    database.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${APPLICATION_ID}`);
  }
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of migrations.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${VERSION}; COMMIT`);
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

export function pragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return Number(row === undefined ? 0 : Object.values(row)[0]);
}
