/** The wanted time of a cluster → who follows whom → the files of each node. */
export { type ClusterDesign, type DesignProblem, designCluster, type NodeDesign } from './design.ts';
export { type ConfigFamily, filesOf, type WantedFile } from './files.ts';
export { type FormatName, formats, type RenderedDocument } from './formats/index.ts';
export { intendedSources } from './intended.ts';
