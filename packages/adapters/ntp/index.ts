/** NTP as a client: the source of readings, and single servers for `clockwarden query`. */
export { createNtpSource } from './source.ts';
