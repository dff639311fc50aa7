import { createSocket, type Socket } from 'node:dgram';

/**
 * The answer to one DNS query (RFC 1035 section 4): the address of a name in `names`, with or without the domain `lab`;
 * every other name does not exist. Undefined where the query is not understood.
 */
export function answerQuery(query: Buffer, names: ReadonlyMap<string, string>): Buffer | undefined {
  if (query.length < 17 || (query.readUInt16BE(2) & 0x8000) !== 0 || query.readUInt16BE(4) !== 1)
    return undefined;
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    if (length > 63 || at + 1 + length >= query.length) return undefined;
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  const end = at + 5;
  if (end > query.length) return undefined;
  const name = labels.join('.').replace(/\.lab$/, '');
  const address = names.get(name);
  const wanted = address !== undefined && query.readUInt16BE(at + 1) === 1;
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  // Response, authoritative, recursion desired as asked; 3 is "no such name".
  head.writeUInt16BE(0x8400 | (query.readUInt16BE(2) & 0x0100) | (address === undefined ? 3 : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(wanted ? 1 : 0, 6);
  const parts = [head, query.subarray(12, end)];
  if (wanted) {
    const record = Buffer.alloc(16);
    // A pointer to the question's name, type A, class IN, 30 s, four bytes.
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(1, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(30, 6);
    record.writeUInt16BE(4, 10);
    for (const [place, part] of address.split('.').entries()) record.writeUInt8(Number(part), 12 + place);
    parts.push(record);
  }
  return Buffer.concat(parts);
}

/** Serves names on one address. */
export function serveDns(address: string, names: ReadonlyMap<string, string>): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const reply = answerQuery(query, names);
    if (reply) socket.send(reply, from.port, from.address);
  });
  socket.on('error', (error) => console.error(`dns: ${error.message}`));
  return new Promise((resolve) => {
    socket.bind(53, address, () => resolve(socket));
  });
}
