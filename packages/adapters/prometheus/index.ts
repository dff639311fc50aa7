/** The source 'prometheus': what a Prometheus-compatible server knows of the nodes. */
export { createPrometheusSource } from './source.ts';
