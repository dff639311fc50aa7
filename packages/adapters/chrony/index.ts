/** The source 'chrony': chronyd's command protocol over UDP 323. */
export { type ChronyAnswer, type ChronyTarget, readChronyd } from './client.ts';
export { createChronySource } from './source.ts';
