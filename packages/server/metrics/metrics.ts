import type { ServerStatus } from '@clockwarden/api/console';
import { Counter, Gauge, Registry } from 'prom-client';
import type { ClusterLoop } from '../loop/index.ts';
import { nodeFamilies } from './nodes.ts';

export interface MetricsOptions {
  readonly loop: ClusterLoop;
  readonly status: () => ServerStatus;
  readonly version: string;
  readonly consoles: () => { readonly connected: number; readonly dropped: number };
}

export interface Metrics {
  readonly contentType: string;
  /** What is not known has no series; it is never 0 and never NaN. */
  text(): Promise<string>;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const { loop, status } = options;
  const families = [
    ...clusterFamilies(loop),
    ...nodeFamilies(loop),
    ...sourceFamilies(status),
    ...ownFamilies(options),
  ];
  for (const { name, help, labels = [], values } of families) {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [],
        collect() {
          this.reset();
          for (const [value, words = {}] of values()) if (value !== null) this.set(words, value);
        },
      }),
    );
  }
  for (const { name, help, value } of ownCounters(options)) {
    registry.registerMetric(
      new Counter({
        name,
        help,
        registers: [],
        collect() {
          this.reset();
          this.inc(value());
        },
      }),
    );
  }
  return { contentType: registry.contentType, text: () => registry.metrics() };
}

/** A gauge; `values` gives null for what is not known. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  readonly values: () => Iterable<readonly [number | null, Readonly<Record<string, string>>?]>;
}

function clusterFamilies(loop: ClusterLoop): readonly Family[] {
  const one = (value: number | null) => [[value]] as const;
  return [
    {
      name: 'clockwarden_cluster_nodes',
      help: 'Nodes of the cluster by verdict; unreachable ones are among the undetermined.',
      labels: ['verdict'],
      values: () => {
        const { ok, warning, critical, undetermined } = loop.assessment.summary;
        return Object.entries({ ok, warning, critical, undetermined }).map(
          ([verdict, count]) => [count, { verdict }] as const,
        );
      },
    },
    {
      name: 'clockwarden_cluster_unreachable_nodes',
      help: 'Nodes that no source reaches.',
      values: () => one(loop.assessment.summary.unreachable),
    },
    {
      name: 'clockwarden_cluster_median_offset_seconds',
      help: 'Cluster median minus the clock of the machine that measures; positive = the cluster is ahead.',
      values: () => one(loop.assessment.median?.seconds ?? null),
    },
    {
      name: 'clockwarden_cluster_control_plane_spread_seconds',
      help: 'Largest distance between the clocks of two control-plane nodes.',
      values: () => one(loop.assessment.controlPlaneSpread?.seconds ?? null),
    },
    {
      name: 'clockwarden_cluster_reference_offset_seconds',
      help: 'Cluster median minus the named reference; positive = the cluster is ahead.',
      values: () => one(loop.assessment.fromReference?.seconds ?? null),
    },
  ];
}

function sourceFamilies(status: () => ServerStatus): readonly Family[] {
  const perSource = (value: (round: ServerStatus['rounds'][number]) => number | null) => () =>
    status().rounds.map((round) => [value(round), { source: round.source }] as const);
  const labels = ['source'];
  return [
    {
      name: 'clockwarden_source_round_duration_seconds',
      help: 'How long the last round of a source took, the pauses between its parts included.',
      labels,
      values: perSource((round) => round.tookSeconds),
    },
    {
      name: 'clockwarden_source_last_round_timestamp_seconds',
      help: 'When the last round of a source ended.',
      labels,
      values: perSource((round) => (round.lastAt === null ? null : Date.parse(round.lastAt) / 1000)),
    },
    {
      name: 'clockwarden_source_answered_nodes',
      help: 'Nodes that a source read in its last round.',
      labels,
      values: perSource((round) => (round.lastAt === null ? null : round.answered)),
    },
    {
      name: 'clockwarden_source_failed_nodes',
      help: 'Nodes that a source could not read in its last round.',
      labels,
      values: perSource((round) => (round.lastAt === null ? null : round.failed)),
    },
  ];
}

function ownFamilies({ loop, status, version, consoles }: MetricsOptions): readonly Family[] {
  const startedAt = Date.now() / 1000 - process.uptime();
  return [
    {
      name: 'clockwarden_build_info',
      help: 'Version of Clockwarden, as a label.',
      labels: ['version'],
      values: () => [[1, { version }]],
    },
    {
      name: 'clockwarden_assess_cpu_seconds',
      help: 'CPU time that the last judgement of the whole cluster took.',
      values: () => [[loop.assessSeconds]],
    },
    {
      name: 'clockwarden_history_writing',
      help: '1 while history is written, 0 when it stopped (disk full, read-only).',
      values: () => [[status().history.state === 'writing' ? 1 : 0]],
    },
    {
      name: 'clockwarden_history_size_bytes',
      help: 'Size of the history, its write-ahead log included.',
      values: () => [[status().history.bytes]],
    },
    {
      name: 'clockwarden_history_size_limit_bytes',
      help: 'Size at which the oldest history is let go.',
      values: () => [[status().history.maxBytes]],
    },
    {
      name: 'clockwarden_config_valid',
      help: '1 while the configuration in force is that of the file, 0 when the last reload failed.',
      values: () => [[status().configProblem === null ? 1 : 0]],
    },
    {
      name: 'clockwarden_consoles',
      help: 'Consoles that follow the live stream.',
      values: () => [[consoles().connected]],
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of this process.',
      values: () => [[process.memoryUsage.rss()]],
    },
    {
      name: 'process_start_time_seconds',
      help: 'When this process started, in seconds since 1970.',
      values: () => [[startedAt]],
    },
  ];
}

function ownCounters({ consoles }: MetricsOptions) {
  return [
    {
      name: 'clockwarden_consoles_dropped_total',
      help: 'Consoles that were let go because they read too slowly.',
      value: () => consoles().dropped,
    },
    {
      name: 'process_cpu_seconds_total',
      help: 'CPU time of this process, all threads, user and system.',
      value: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    },
  ];
}
