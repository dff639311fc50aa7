export { createSshSource } from './source.ts';
