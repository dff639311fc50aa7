import { get } from 'node:http';
import { startNodeExporter, startPrometheus } from '../daemons/index.ts';
import type { Namespace } from '../namespace/index.ts';
import { waitFor } from '../wait/index.ts';
import type { Collection } from './collection.ts';

const EXPORTER = 'node_exporter 1.5.0 (Debian 12)';
const PROMETHEUS = 'Prometheus 2.42.0 (Debian 12)';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function ask(url: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const type = response.headers['content-type'] ?? '';
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: { 'content-type': type }, body });
      });
    }).on('error', reject);
  });
}

/** Pages of a real node_exporter: everything, filtered, and refusals. */
export async function captureNodeExporter(collection: Collection, inside: Namespace): Promise<void> {
  // Mounts and disks of the capturing machine are nobody's business.
  const quiet = ['filesystem', 'diskstats', 'mdadm', 'nfs', 'nfsd', 'dmi', 'textfile'];
  const args = quiet.map((name) => `--no-collector.${name}`);
  await using exporter = await startNodeExporter({ namespace: inside.name, args });
  const all = ['timex', 'time', 'os', 'uname', 'stat'];
  for (const [file, collectors, situation] of [
    ['metrics.txt', [], 'every collector of a usual machine, without those that name disks and mounts'],
    ['timex-time.txt', ['timex', 'time'], 'two collectors asked for'],
    ['filtered.txt', all, 'the five collectors that matter asked for'],
    ['missing-collector.txt', ['timex', 'nonsense'], 'a collector that does not exist: HTTP 400'],
    ['disabled-collector.txt', ['timex', 'filesystem'], 'a collector that is switched off: HTTP 400'],
  ] as const) {
    const query = collectors.map((name) => `collect[]=${name}`).join('&');
    const { body } = await ask(`${exporter.url}/metrics${query === '' ? '' : `?${query}`}`);
    const command = `curl 'http://node:9100/metrics${query === '' ? '' : `?${query}`}'`;
    collection.add(
      { file: `node-exporter-1.5/${file}`, program: 'node_exporter', version: EXPORTER, command, situation },
      body,
    );
  }
  await using bare = await startNodeExporter({
    namespace: inside.name,
    args: ['--collector.disable-defaults', '--collector.loadavg'],
  });
  const { body } = await ask(`${bare.url}/metrics`);
  collection.add(
    {
      file: 'node-exporter-1.5/no-timex.txt',
      program: 'node_exporter',
      version: EXPORTER,
      command: "curl 'http://node:9100/metrics'",
      situation: 'the timex and time collectors are switched off',
    },
    body,
  );
}

/** Replies of a real Prometheus: vectors, an error, warnings, nothing. */
export async function capturePrometheus(collection: Collection, inside: Namespace): Promise<void> {
  const namespace = inside.name;
  await using exporter = await startNodeExporter({ namespace });
  const job = { job: 'node', targets: [`127.0.0.1:${exporter.port}`], intervalSeconds: 0.5 };
  await using prometheus = await startPrometheus({ namespace, jobs: [{ ...job, labels: { node: 'n1' } }] });
  // A remote that is not there makes warnings, not errors.
  const remote = { remote_read: [{ url: 'http://127.0.0.1:1/', read_recent: true }] };
  await using warning = await startPrometheus({ namespace, jobs: [job], settings: remote });
  for (const [file, server, query, situation] of [
    ['vector.json', prometheus, 'node_timex_sync_status', 'one series'],
    [
      'time.json',
      prometheus,
      'node_time_seconds - timestamp(node_time_seconds)',
      'an expression: no metric name',
    ],
    [
      'many.json',
      prometheus,
      '{__name__=~"node_timex_.+|node_time_seconds|node_boot_time_seconds"}',
      'several series by name',
    ],
    ['duration.json', prometheus, 'scrape_duration_seconds', "the server's own series"],
    ['empty.json', prometheus, 'node_timex_no_such_series', 'a series that does not exist'],
    ['nan.json', prometheus, '0/vector(0)', 'not a number'],
    ['infinite.json', prometheus, '1/vector(0)', 'infinite'],
    ['scalar.json', prometheus, 'scalar(node_timex_sync_status)', 'a scalar, not a vector'],
    ['matrix.json', prometheus, 'node_timex_sync_status[2s]', 'a range, not an instant'],
    ['error.json', prometheus, 'node_timex_sync_status{', 'a query that does not parse: HTTP 400'],
    [
      'warnings.json',
      warning,
      'node_timex_sync_status',
      'a remote that cannot be reached: data and warnings',
    ],
  ] as const) {
    const ready = ({ body }: Answer) => file === 'empty.json' || !body.includes('"result":[]');
    const url = `${server.url}/api/v1/query?query=${encodeURIComponent(query)}`;
    const answer = await waitFor(
      async () => {
        const reply = await ask(url);
        return ready(reply) && reply;
      },
      { what: file, deadlineMs: 20_000, everyMs: 100 },
    );
    const command = `curl 'http://prometheus:9090/api/v1/query?query=${query}'`;
    collection.add(
      { file: `prometheus-2.42/${file}`, program: 'prometheus', version: PROMETHEUS, command, situation },
      `${answer.body}\n`,
    );
  }
}
