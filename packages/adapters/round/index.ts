/** Rounds of readings over a whole cluster, shared by `check` (one round) and `serve` (for ever). */
export { LatestReadings } from './latest.ts';
export { cryptoRandom } from './random.ts';
export { Reference } from './reference.ts';
export { nodesFor, runRound } from './round.ts';
