export { loginFor } from './command-line.ts';
export { failureOf } from './failure.ts';
export { LoginSlots } from './slots.ts';
export { createSshSource } from './source.ts';
