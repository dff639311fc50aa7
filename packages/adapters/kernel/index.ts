/** What this machine's kernel says of its clock. Nothing here can set it. */
export { readTimex } from './adjtimex.ts';
export { readStepClock } from './step-clock.ts';
