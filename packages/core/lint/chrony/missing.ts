import type { ChronyConf, Directive } from '../../chrony-conf/index.ts';
import type { LintContext } from '../rule.ts';

export function has(conf: ChronyConf, ...names: readonly string[]): boolean {
  return [...conf.directives, ...(conf.elsewhere ?? [])].some(({ name }) => names.includes(name));
}

/** The directives of the file itself with one of these names. */
export function named(conf: ChronyConf, ...names: readonly string[]): readonly Directive[] {
  return conf.directives.filter((directive) => names.includes(directive.name));
}

const sourceNames: readonly string[] = ['server', 'peer', 'pool', 'refclock'];

/** True when what is not known here is nowhere: a main file that draws in no other, or only files that were read. */
export function isComplete(conf: ChronyConf, context: LintContext): boolean {
  return context.whole && !has(conf, 'include') && (conf.elsewhere !== null || !has(conf, 'confdir'));
}

/** The same for sources, which may also come from a sourcedir (DHCP) or stand in another file. */
export function hasAllSources(conf: ChronyConf, context: LintContext): boolean {
  const drawnIn = conf.elsewhere?.some(({ name }) => sourceNames.includes(name)) === true;
  return isComplete(conf, context) && !has(conf, 'sourcedir') && !drawnIn;
}

/** The edit that puts a line at the end of a file, before the empty line that its last line end leaves. */
export function append(conf: ChronyConf, ...added: readonly string[]) {
  const { lines } = conf;
  return lines.at(-1) === ''
    ? { line: lines.length, lines: [...added, ''] }
    : { line: lines.length + 1, lines: added };
}
