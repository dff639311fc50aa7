/** /metrics: the cluster's time and this server's own health, in the Prometheus text format. */
export { createMetrics, type Metrics, type MetricsOptions } from './metrics.ts';
