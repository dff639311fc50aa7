export { type GatheredFacts, gatherFacts } from './facts.ts';
