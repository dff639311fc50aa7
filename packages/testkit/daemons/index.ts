export {
  type Chronyd,
  type ChronydOptions,
  chronyc,
  chronydQuery,
  type OneShot,
  startChronyd,
} from './chrony.ts';
export type { Daemon } from './daemon.ts';
export { type Etcd, type EtcdOptions, startEtcd } from './etcd.ts';
export { type NtpdOptions, ntpdate, ntpq, startNtpd } from './ntpsec.ts';
export {
  type HttpDaemon,
  type NodeExporterOptions,
  type PrometheusOptions,
  promtool,
  type ScrapeJob,
  startNodeExporter,
  startPrometheus,
} from './prometheus.ts';
export { type Sshd, type SshdOptions, startSshd } from './sshd.ts';
export { type Unpacked, unpackDebian } from './unpack.ts';
