export { loadPolicy } from './load.ts';
