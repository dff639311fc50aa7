export { loginFor } from './command-line.ts';
export { failureOf } from './failure.ts';
export { perlFrame, shellFrame } from './frame.ts';
export { Slots } from './slots.ts';
export { createSshSource } from './source.ts';
