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
  withoutSudo,
} from './policy.ts';
export { type Preset, type PresetName, presetNames, presets } from './presets.ts';
export { parseDuration, parseSize } from './quantity.ts';
export {
  defaultTimesync,
  type KeysConfig,
  type PtpConfig,
  type TimesyncConfig,
  type TimesyncOverride,
} from './timesync.ts';
