import type { Format } from './index.ts';

/** Talos has its own SNTP client and no files of ours: a machine configuration patch that names the servers. */
export const talos: Format = (design) => ({
  suffix: '.talos.yaml',
  syntax: 'yaml',
  data: { machine: { time: { disabled: false, servers: [...design.servers, ...design.upstreams] } } },
});
