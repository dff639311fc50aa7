import { type ChronyConf, type ConfiguredSource, sourcesOf } from '../../chrony-conf/index.ts';
import { text } from '../../text/index.ts';
import type { Finding } from '../rule.ts';

/** Sources on the network. */
export function network(conf: ChronyConf): readonly ConfiguredSource[] {
  return sourcesOf(conf).filter(({ kind }) => kind !== 'refclock');
}

export function isAddress(name: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || (name.includes(':') && /^[0-9A-Fa-f:.]+$/.test(name));
}

/** One finding for every source that fits. */
export function each(conf: ChronyConf, fits: (source: ConfiguredSource) => boolean): readonly Finding[] {
  return network(conf)
    .filter(fits)
    .map(({ directive, name }) => ({ line: directive.line, detail: text(`\`${name}\``, `\`${name}\``) }));
}
