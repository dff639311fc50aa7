/** The source 'node-exporter': each node's node_exporter, asked directly. */
export { createNodeExporterSource } from './source.ts';
