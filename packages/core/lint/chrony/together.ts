/** Which files of a node chronyd reads together: those that a file draws in by `confdir`, `sourcedir` and `include`. */
import { type ChronyConf, type Directive, parseChronyConf } from '../../chrony-conf/index.ts';
import { chronyPaths, familyOf } from '../../configure/index.ts';
import type { FilePlace } from '../rule.ts';
import { named } from './missing.ts';

/** Where the hooks of DHCP write what a lease names. */
export const DHCP = '/run/chrony-dhcp';

/** The path of the main file of a distribution; null: not known. */
export function mainPathOf({ os }: FilePlace): string | null {
  const family = familyOf({ id: os ?? '', like: '' });
  return family === null ? null : chronyPaths[family].conf;
}

/**
 * What chronyd reads with this file, itself included, without what a lease of DHCP brought. It alone where that cannot
 * be told, or when chronyd does not read it.
 */
export function readTogether(conf: ChronyConf, place: FilePlace | undefined): readonly ChronyConf[] {
  if (place === undefined) return [conf];
  const others = place.files
    .filter(({ path }) => path !== place.path && folderOf(path) !== DHCP)
    .map(({ path, content }) => ({ path, conf: parseChronyConf(content) }));
  const files = [{ path: place.path, conf }, ...others];
  const mainPath = mainPathOf(place);
  const main = files.find(({ path }) => path === mainPath);
  if (main === undefined) return [conf];
  // What a drop-in includes in its turn is rare enough.
  const read = files.filter((file) => file === main || drawsIn(main.conf, file.path, false));
  return read.some((file) => file.conf === conf) ? read.map((file) => file.conf) : [conf];
}

/** @param inDoubt the answer where an `include` cannot be followed from here */
export function drawsIn(conf: ChronyConf, path: string, inDoubt: boolean): boolean {
  return (
    named(conf, 'include').some(({ args }) => args.some((pattern) => fits(pattern, path) ?? inDoubt)) ||
    named(conf, 'confdir', 'sourcedir').some((directive) => namesFolder(directive, folderOf(path)))
  );
}

/** With or without a slash at its end. */
export function namesFolder({ args }: Directive, folder: string): boolean {
  return args.some((arg) => plain(arg) === folder);
}

function plain(path: string): string {
  return path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
}

/** More stars in one pattern than anybody writes: each multiplies the work. */
const MAX_STARS = 3;

/** glob(7), as far as `*` and `?` go; null beyond them. */
function fits(pattern: string, path: string): boolean | null {
  const stars = pattern.split('*').length - 1;
  if (!pattern.startsWith('/') || /[[\]\\{}]|\/\.\.?(\/|$)/.test(pattern) || stars > MAX_STARS) return null;
  const expression = plain(pattern)
    .replace(/[.+^$()|]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${expression}$`).test(path);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
