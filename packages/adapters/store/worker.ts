/** The thread that owns the database. Each request is answered; a failure closes the file, the next request opens it anew. */
import type { DatabaseSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import { openDatabase, RefusedFile } from './database.ts';
import type { Failed, Options, Replies, Reply, Request } from './messages.ts';
import { createReader, type Reader } from './query.ts';
import { createUpkeep, type Upkeep } from './upkeep.ts';
import { createWriter, type Writer } from './write.ts';

interface Open {
  readonly database: DatabaseSync;
  readonly writer: Writer;
  readonly reader: Reader;
  readonly upkeep: Upkeep;
}

/** Seldom, so that many samples of a node become neighbours in one go; until then queries take the samples themselves. */
const ROLL_UP_EVERY_MS = 3_600_000;
const LET_GO_EVERY_MS = 3_600_000;

let options: Options | null = null;
let open: Open | null = null;
let rolledAt = 0;
let letGoAt = 0;
let lastNewest: number | null = null;
let size: Replies['write'] = { bytes: 0, oldestAt: null };

function opened(): Open {
  if (open !== null) return open;
  if (options === null) throw new Error('not opened');
  const database = openDatabase(options.path);
  open = {
    database,
    writer: createWriter(database),
    reader: createReader(database),
    upkeep: createUpkeep(database, options),
  };
  size = open.upkeep.size();
  return open;
}

function answer(request: Request): Replies[keyof Replies] {
  switch (request.do) {
    case 'open':
      options = request.options;
      opened();
      return size;
    case 'write': {
      const { writer, upkeep } = opened();
      writer.write(request.samples, request.changes, request.steps);
      keepUp(writer, upkeep);
      return size;
    }
    case 'history':
      return opened().reader.history(request.node, request.from, request.to, request.points);
    case 'latest':
      return opened().reader.latest();
    case 'changes':
      return opened().reader.changes(request.from);
    case 'steps':
      return opened().reader.steps(request.from);
    case 'close':
      shut();
      return null;
  }
}

/** By the time that the samples carry, which is the collector's. */
function keepUp(writer: Writer, upkeep: Upkeep): void {
  const { newest } = writer;
  if (newest === null) return;
  if (Math.abs(newest - rolledAt) >= ROLL_UP_EVERY_MS) {
    upkeep.rollUp(newest);
    rolledAt = newest;
    size = upkeep.size();
  }
  // After a leap of the collector's clock nothing is too old for the first hour: a year set by mistake empties no history.
  if (lastNewest !== null && Math.abs(newest - lastNewest) >= LET_GO_EVERY_MS) letGoAt = newest;
  lastNewest = newest;
  if (Math.abs(newest - letGoAt) >= LET_GO_EVERY_MS) {
    upkeep.letGo(newest);
    letGoAt = newest;
  }
  upkeep.makeRoom(newest);
  size = { ...size, bytes: upkeep.bytes() };
}

function shut(): void {
  const closing = open;
  open = null;
  closing?.database.close();
}

function failureOf(error: unknown): Failed {
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string };
  return {
    message: message ?? String(error),
    refused: error instanceof RefusedFile ? error.code : null,
    // Extended codes carry the primary one in their low byte.
    cause: errcode === undefined ? (code ?? null) : errcode & 0xff,
  };
}

parentPort?.on('message', ({ id, request }: { id: number; request: Request }) => {
  let reply: Reply;
  try {
    reply = { id, value: answer(request) };
  } catch (error) {
    reply = { id, failed: failureOf(error) };
    try {
      shut();
    } catch {
      // A database in trouble may refuse even that; the next request begins afresh.
    }
  }
  parentPort?.postMessage(reply);
  if (request.do === 'close') parentPort?.close();
});
