/** A mutation fuzzer for the parsers: `npm run fuzz`, and a slice of it in the unit tests. */
export { type Attack, attack, type Finding } from './attack.ts';
export { type FoundTarget, type FuzzTarget, findTargets } from './target.ts';
export { attackWatched } from './watch.ts';
