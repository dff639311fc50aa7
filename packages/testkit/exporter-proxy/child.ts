import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { obey } from '../process/child.ts';
import type { Command, State, Way } from './index.ts';

let target = '';
let way: Way = {};
let requests = 0;

function fetchPage(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
      response.on('error', reject);
    }).on('error', reject);
  });
}

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests += 1;
  const { requestDelayMs = 0, replyDelayMs = 0 } = way;
  const url = new URL(request.url ?? '/', target);
  const aheadSeconds = Number(url.searchParams.get('ahead') ?? way.aheadSeconds ?? 0);
  url.searchParams.delete('ahead');
  if (requestDelayMs > 0) await sleep(requestDelayMs);
  const { status, body } = await fetchPage(url.href);
  const shifted = body.replace(
    /^node_time_seconds (\S+)$/m,
    (_, value: string) => `node_time_seconds ${Number(value) + aheadSeconds}`,
  );
  if (replyDelayMs > 0) await sleep(replyDelayMs);
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(shifted);
}

const server = createServer((request, response) => {
  pass(request, response).catch(() => response.writeHead(502).end());
});

obey<Command, State>(async (command) => {
  if (command.target !== undefined) {
    target = command.target;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  if (command.way !== undefined) way = command.way;
  return { port: (server.address() as AddressInfo).port, requests };
});
