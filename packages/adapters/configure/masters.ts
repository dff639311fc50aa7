/** Ends ssh masters through their control sockets (OpenSSH's PROTOCOL.mux); `ssh -O exit` would be a program for each. */
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const HELLO = 0x0000_0001;
const PROTOCOL_VERSION = 4;
const TERMINATE = 0x1000_0005;

/** A master that does not let go ends by itself once it was idle for long enough. */
const PATIENCE_MS = 5_000;

/** Every master whose socket is in `directory`; files whose names end in `.log` are none. Never rejects. */
export async function endMasters(directory: string): Promise<void> {
  const sockets = readdirSync(directory).filter((name) => !name.endsWith('.log'));
  await Promise.all(sockets.map((name) => endMaster(join(directory, name))));
}

function endMaster(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    // A socket that nobody listens on is what a killed master left.
    socket.once('error', () => undefined);
    socket.once('close', () => resolve());
    socket.write(Buffer.concat([packet(HELLO, PROTOCOL_VERSION), packet(TERMINATE, 0)]));
    // The answer is the end of the connection.
    socket.resume();
  });
}

/** Each message and each number is a big-endian word; the length stands before them. */
function packet(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * words.length);
  [4 * words.length, ...words].forEach((word, index) => {
    bytes.writeUInt32BE(word, 4 * index);
  });
  return bytes;
}
