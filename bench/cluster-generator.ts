/**
 * A cluster as the sources see it, on loopback: an NTP responder on an address for each node, a node_exporter that serves
 * a real page with the time put in, and a Prometheus that answers the query API. Started by bench/cluster.ts, which gets
 * the ports in a message.
 */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from '../packages/testkit/responder/behaviour.ts';

const nodes = Number(process.argv[2] ?? '10000');

/** 127.1.0.1 and up, as bench/cluster.ts names them. */
const addressOf = (index: number): string => {
  const number = index + 1;
  return `127.${1 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
};

/** Wall clock in nanoseconds, finer than Date. */
const anchor = BigInt(Date.now()) * 1_000_000n - process.hrtime.bigint();
const now = (): bigint => anchor + process.hrtime.bigint();

/** A few milliseconds apart, one in a thousand by half a second. */
const aheadSeconds = (index: number): number =>
  index % 1_000 === 7 ? 0.5 : ((index * 7_919) % 4_000) * 1e-6 - 0.002;

async function respond(): Promise<number> {
  const bind = (index: number, port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      const behaviour = { aheadSeconds: aheadSeconds(index), stratum: 3 };
      socket.once('error', reject);
      socket.on('message', (request, from) => {
        const received = now();
        socket.send(answer(request, { received, sent: now() }, behaviour), from.port, from.address);
      });
      socket.bind({ port, address: addressOf(index), exclusive: true }, () => resolve(socket.address().port));
    });
  const port = await bind(0, 0);
  for (let index = 1; index < nodes; index += 1) await bind(index, port);
  return port;
}

const page = readFileSync(new URL('../fixtures/node-exporter-1.5/timex-time.txt', import.meta.url), 'utf8');

function exporter(): Server {
  return createServer((request, response) => {
    const [, , high = '0', low = '1'] = (request.socket.localAddress ?? '').split('.');
    const seconds = Number(now()) / 1e9 + aheadSeconds(Number(high) * 256 + Number(low) - 1);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(page.replace(/^node_time_seconds .*$/m, `node_time_seconds ${seconds.toExponential()}`));
  });
}

const values: readonly (readonly [RegExp, (index: number, at: number) => number])[] = [
  [/^node_time_seconds.* - timestamp/, (index) => aheadSeconds(index) + 0.003],
  [/^timestamp/, (index, at) => at - (index % 15)],
  [/^scrape_duration_seconds/, () => 0.012],
  [/^node_timex_sync_status/, () => 1],
  [/^node_timex_status/, () => 8193],
  [/^node_timex_maxerror_seconds/, () => 0.004],
  [/^node_timex_(?:estimated_error|offset)/, () => 0.0001],
  [/^node_timex_frequency_adjustment_ratio/, () => 1.00001],
  [/^node_timex_tai_offset/, () => 37],
  [/^node_boot_time_seconds/, () => 1_790_000_000],
];

const labels = Array.from(
  { length: nodes },
  (_, index) => `"instance":"${addressOf(index)}:9100","job":"node","node":"n${index}"`,
);

function series(query: string, at: number, mark = ''): string {
  const value = values.find(([pattern]) => pattern.test(query))?.[1];
  if (value === undefined) return '';
  return labels
    .map((own, index) => `{"metric":{${own}${mark}},"value":[${at},"${value(index, at)}"]}`)
    .join(',');
}

/** The numbers of a scrape are asked for in one query, each marked with a label. */
function vector(query: string, at: number): string {
  const parts = [...query.matchAll(/label_replace\(\(?(.*?), "(\w+)", "(\w+)", "", ""\)/g)];
  const marked = parts.map(([, inner = '', label, part]) => series(inner, at, `,"${label}":"${part}"`));
  return `[${parts.length > 0 ? marked.join(',') : series(query, at)}]`;
}

function prometheus(): Server {
  return createServer((request, response) => {
    const parameters = new URL(request.url ?? '/', 'http://prometheus').searchParams;
    const query = parameters.get('query') ?? '';
    const at = Number(parameters.get('time') ?? Number(now() / 1_000_000n) / 1000);
    const [type, result] = query === 'time()' ? ['scalar', `[${at},"${at}"]`] : ['vector', vector(query, at)];
    response.setHeader('content-type', 'application/json');
    response.end(`{"status":"success","data":{"resultType":"${type}","result":${result}}}`);
  });
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve) => {
    server.listen({ port: 0, host, backlog: 4_096 }, () => resolve((server.address() as AddressInfo).port));
  });
}

process.send?.({
  ntp: await respond(),
  exporter: await listen(exporter(), '0.0.0.0'),
  prometheus: await listen(prometheus(), '127.0.0.1'),
});
