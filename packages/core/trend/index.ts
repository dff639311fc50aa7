/** Where a clock is going that nobody corrects. */
export { isFreeRunning } from './free-running.ts';
export { type Crossing, type OffsetSample, type Projection, project } from './projection.ts';
