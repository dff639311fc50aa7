export {
  type ClusterPolicy,
  type ConsoleConfig,
  defaultLimits,
  defaultSources,
  type HistoryConfig,
  type HttpAuth,
  type Limits,
  type NodeExporterConfig,
  type NtpConfig,
  type PrometheusConfig,
  type SourcesConfig,
  type SshConfig,
  type TimesyncConfig,
} from './policy.ts';
export { parseDuration, parseSize } from './quantity.ts';
