/** Who may ask, and from where. */
export { Guard, type GuardOptions } from './guard.ts';
export { assertSafeListen, readSecrets, readTls } from './listen.ts';
export { hashPassword } from './password.ts';
