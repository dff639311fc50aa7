/**
 * The sources of readings: one folder each, and one line here. A factory returns null when the policy does not ask for
 * its source.
 */
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { Source } from '@clockwarden/core/ports';
import { createChronySource } from '../chrony/index.ts';
import { createLocalSource } from '../local/index.ts';
import { createNodeExporterSource } from '../node-exporter/index.ts';
import { createNtpSource } from '../ntp/index.ts';
import { createPrometheusSource } from '../prometheus/index.ts';
import { createSshSource } from '../ssh/index.ts';

export type SourceFactory = (policy: ClusterPolicy) => Source | null;

const factories: readonly SourceFactory[] = [
  ({ sources }) => (sources.local === undefined ? null : createLocalSource(sources.local)),
  ({ sources }) => (sources.ntp === undefined ? null : createNtpSource(sources.ntp)),
  ({ sources }) => (sources.chrony === undefined ? null : createChronySource(sources.chrony)),
  ({ sources }) => (sources.ssh === undefined ? null : createSshSource(sources.ssh)),
  ({ sources }) =>
    sources.nodeExporter === undefined ? null : createNodeExporterSource(sources.nodeExporter),
  ({ sources }) => (sources.prometheus === undefined ? null : createPrometheusSource(sources.prometheus)),
];

/** Every source that the policy asks for. Throws OperatorError when one cannot work on this machine. */
export function createSources(policy: ClusterPolicy): readonly Source[] {
  return factories.map((create) => create(policy)).filter((source) => source !== null);
}
