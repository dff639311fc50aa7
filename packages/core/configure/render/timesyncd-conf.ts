/** A drop-in of timesyncd.conf(5). An empty assignment first clears what other files said: lists replace, never merge. */
import type { TimesyncConfig } from '../../policy/index.ts';
import type { NodeDesign } from '../design.ts';

export function timesyncdConf(design: NodeDesign, timesync: TimesyncConfig): string {
  return [
    '# Written by Clockwarden from clockwarden.yaml.',
    '[Time]',
    'NTP=',
    `NTP=${[...design.servers, ...design.upstreams].join(' ')}`,
    'FallbackNTP=',
    ...(timesync.fallback.length === 0 ? [] : [`FallbackNTP=${timesync.fallback.join(' ')}`]),
    '',
  ].join('\n');
}
