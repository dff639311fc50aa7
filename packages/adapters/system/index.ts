/** This machine's C library, reached without an addon of our own. */
export { type CLibrary, loadCLibrary, type SystemClock, systemClock } from './c-library.ts';
