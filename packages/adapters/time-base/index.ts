/** The collector's time base: a monotonic clock, anchored once on the wall clock. */
export { type ClockRelation, createClockRelation } from './clock-relation.ts';
export { createTimeBase, machineClocks } from './time-base.ts';
