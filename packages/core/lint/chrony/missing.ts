import type { ChronyConf } from '../../chrony-conf/index.ts';
import type { LintContext } from '../rule.ts';

export function has(conf: ChronyConf, ...names: readonly string[]): boolean {
  return conf.directives.some((directive) => names.includes(directive.name));
}

/** True when what is not in this file is nowhere: a main file that draws in no other. */
export function isComplete(conf: ChronyConf, context: LintContext): boolean {
  return context.whole && !has(conf, 'include', 'confdir');
}

/** The same for sources, which may also come from a sourcedir (DHCP). */
export function hasAllSources(conf: ChronyConf, context: LintContext): boolean {
  return isComplete(conf, context) && !has(conf, 'sourcedir');
}

/** The edit that puts a line at the end of a file, before the empty line that its last line end leaves. */
export function append(conf: ChronyConf, ...added: readonly string[]) {
  const { lines } = conf;
  return lines.at(-1) === ''
    ? { line: lines.length, lines: [...added, ''] }
    : { line: lines.length + 1, lines: added };
}
