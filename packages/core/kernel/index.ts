export { parseNtptime } from './adjtimex-text.ts';
export { hasStatus, statusBits } from './status.ts';
export { clockStep, stepClockBetween } from './step.ts';
export { decodeTimex, kernelStateOf, parseAdjtimex, TIMEX_BYTES, type Timex } from './timex.ts';
