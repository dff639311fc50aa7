import { sourceOptions } from './directives.ts';
import type { ChronyConf, Directive } from './parse.ts';

/** A server, peer, pool or reference clock, as the file has it. */
export interface ConfiguredSource {
  readonly directive: Directive;
  readonly kind: 'server' | 'peer' | 'pool' | 'refclock';
  /** Host name or address; the driver of a reference clock. */
  readonly name: string;
  /** Option in lower case → its value, `''` for one without. */
  readonly options: ReadonlyMap<string, string>;
  /** Words where an option was expected, as they stand. */
  readonly unknown: readonly string[];
  /** How many sources it can become: `maxsources` of a pool, 4 unless written. */
  readonly count: number;
}

export function sourcesOf(conf: ChronyConf): readonly ConfiguredSource[] {
  return conf.directives.flatMap((directive) => sourceOf(directive) ?? []);
}

function sourceOf(directive: Directive): ConfiguredSource | null {
  const { name: kind, args } = directive;
  const [name, ...words] = args;
  if (name === undefined) return null;
  if (kind === 'refclock') {
    const options = new Map(words.map((word) => [word.toLowerCase(), '']));
    return { directive, kind, name, options, unknown: [], count: 1 };
  }
  if (kind !== 'server' && kind !== 'peer' && kind !== 'pool') return null;
  const options = new Map<string, string>();
  const unknown: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const facts = sourceOptions.get(word.toLowerCase());
    if (facts === undefined) {
      unknown.push(word);
    } else if (facts.value) {
      at += 1;
      options.set(word.toLowerCase(), words[at] ?? '');
    } else {
      options.set(word.toLowerCase(), '');
    }
  }
  const most = Number(options.get('maxsources') ?? 4);
  const count = kind === 'pool' && Number.isInteger(most) && most > 0 ? most : 1;
  return { directive, kind, name, options, unknown, count };
}
