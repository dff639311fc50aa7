import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, privateDirectory, type Running, removeDirectory } from '../process/index.ts';
import { type Daemon, untilReady } from './daemon.ts';
import { unpackDebian } from './unpack.ts';

export interface HttpDaemon extends Daemon {
  /** Without a path, e.g. `http://127.0.0.1:41234`. */
  readonly url: string;
}

export interface NodeExporterOptions {
  /** Flags besides the listen address, e.g. `--collector.disable-defaults`. */
  readonly args?: readonly string[];
  /** The text of a `--web.config.file`: TLS, basic authentication. */
  readonly webConfig?: string;
  readonly namespace?: string | undefined;
}

/** A real node_exporter on a loopback port that the kernel chose. */
export async function startNodeExporter(options: NodeExporterOptions = {}): Promise<HttpDaemon> {
  const { env, path } = await unpackDebian(['prometheus-node-exporter']);
  const directory = privateDirectory('node-exporter');
  const web = join(directory, 'web.yml');
  if (options.webConfig !== undefined) writeFileSync(web, options.webConfig);
  const args = [
    '--web.listen-address=127.0.0.1:0',
    ...(options.webConfig === undefined ? [] : [`--web.config.file=${web}`]),
    ...(options.args ?? []),
  ];
  const running = launch(path('usr/bin/prometheus-node-exporter'), args, {
    env,
    namespace: options.namespace,
  });
  const scheme = options.webConfig?.includes('tls_server_config') ? 'https' : 'http';
  return httpDaemon('node_exporter', running, directory, options.namespace, scheme);
}

export interface ScrapeJob {
  readonly job: string;
  /** `host:port` each. */
  readonly targets: readonly string[];
  /** Labels given to all of them. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly intervalSeconds?: number;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  /** As in prometheus.yml. */
  readonly metricRelabelConfigs?: readonly Readonly<Record<string, unknown>>[];
}

export interface PrometheusOptions {
  readonly jobs: readonly ScrapeJob[];
  /** Further top-level settings, as in prometheus.yml. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly webConfig?: string;
  readonly args?: readonly string[];
  readonly namespace?: string | undefined;
}

/** A real Prometheus, ready to be asked. Its targets are scraped in due course, not yet. */
export async function startPrometheus(options: PrometheusOptions): Promise<HttpDaemon> {
  const { env, path } = await unpackDebian(['prometheus']);
  const directory = privateDirectory('prometheus');
  const web = join(directory, 'web.yml');
  if (options.webConfig !== undefined) writeFileSync(web, options.webConfig);
  const config = { ...options.settings, scrape_configs: options.jobs.map(scrapeConfig) };
  // JSON is YAML.
  writeFileSync(join(directory, 'prometheus.yml'), JSON.stringify(config));
  const args = [
    `--config.file=${join(directory, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
    ...(options.webConfig === undefined ? [] : [`--web.config.file=${web}`]),
    ...(options.args ?? []),
  ];
  const running = launch(path('usr/bin/prometheus'), args, {
    env,
    cwd: directory,
    namespace: options.namespace,
  });
  const scheme = options.webConfig?.includes('tls_server_config') ? 'https' : 'http';
  return httpDaemon(
    'Prometheus',
    running,
    directory,
    options.namespace,
    scheme,
    /ready to receive web requests/,
  );
}

function scrapeConfig(job: ScrapeJob): Record<string, unknown> {
  const interval = `${Math.round((job.intervalSeconds ?? 1) * 1000)}ms`;
  return {
    job_name: job.job,
    scrape_interval: interval,
    scrape_timeout: interval,
    static_configs: [{ targets: job.targets, labels: job.labels ?? {} }],
    ...(job.params && { params: job.params }),
    ...(job.metricRelabelConfigs && { metric_relabel_configs: job.metricRelabelConfigs }),
  };
}

async function httpDaemon(
  what: string,
  running: Running,
  directory: string,
  namespace: string | undefined,
  scheme: string,
  alsoLogged = /./,
): Promise<HttpDaemon> {
  const stop = async (): Promise<void> => {
    await running.stop();
    removeDirectory(directory);
  };
  try {
    const port = await untilReady({
      running,
      what,
      ready: async () => {
        // Listening on port 0, it logs the port that it got.
        const port = /msg="Listening on" address=127\.0\.0\.1:([1-9]\d*)/.exec(running.log())?.[1];
        return port !== undefined && alsoLogged.test(running.log()) ? Number(port) : undefined;
      },
    });
    const { pid, log } = running;
    const address = '127.0.0.1';
    const url = `${scheme}://${address}:${port}`;
    return { pid, log, stop, address, port, url, namespace, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The path of the real promtool, e.g. for `promtool check metrics`. */
export async function promtool(): Promise<string> {
  return (await unpackDebian(['prometheus'])).path('usr/bin/promtool');
}
