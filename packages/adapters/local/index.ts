export { createLocalSource } from './source.ts';
