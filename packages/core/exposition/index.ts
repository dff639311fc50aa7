/** Prometheus: the text that exporters show, the replies of its query API, and what their series say of a node's clock. */
export {
  agrees,
  clockOfExchange,
  clockOfScrape,
  clockOfServer,
  type Exchange,
  type Scrape,
} from './clock.ts';
export {
  type Collector,
  chronyFamilies,
  chronySyncOf,
  collectorFamilies,
  hostOf,
  kernelOf,
  labelOf,
  singleValue,
} from './facts.ts';
export { type Labels, type PageResult, readPage, type Sample, type Series } from './page.ts';
export {
  type Assignment,
  assignTargets,
  nodeFinder,
  type Target,
  TargetTable,
} from './targets.ts';
export { readVector, type VectorResult } from './vector.ts';
