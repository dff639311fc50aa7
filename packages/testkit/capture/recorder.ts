import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';

export interface Exchange {
  readonly request: string;
  /** null when nothing came back. */
  readonly reply: string | null;
}

/** Stands between a client and a UDP server and keeps what they say, in hexadecimal, in order. */
export async function record(
  target: { readonly address: string; readonly port: number },
  at: { readonly address: string; readonly port: number } = { address: '127.0.0.1', port: 0 },
): Promise<{ readonly port: number; exchanges(): Exchange[]; close(): void }> {
  const front = createSocket(isIPv6(at.address) ? 'udp6' : 'udp4');
  const back = createSocket(isIPv6(target.address) ? 'udp6' : 'udp4');
  const seen: { request: string; reply: string | null }[] = [];
  let client: RemoteInfo | undefined;
  front.on('message', (request, from) => {
    client = from;
    seen.push({ request: request.toString('hex'), reply: null });
    back.send(request, target.port, target.address);
  });
  back.on('message', (reply) => {
    const last = seen.at(-1);
    if (last) last.reply = reply.toString('hex');
    if (client) front.send(reply, client.port, client.address);
  });
  front.bind(at.port, at.address);
  await once(front, 'listening');
  return {
    port: front.address().port,
    exchanges: () => seen,
    close: () => {
      front.close();
      back.close();
    },
  };
}
