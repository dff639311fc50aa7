/** Whether nodes have the time that they were designed to have, from both ends, and what it takes to get there. */
export { measureCorrections } from './corrections.ts';
export {
  type MeasuredCorrection,
  Verifier,
  type VerifierOptions,
  type VerifyNodeOptions,
} from './verifier.ts';
