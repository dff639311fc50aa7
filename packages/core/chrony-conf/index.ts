export {
  type ChronyVersion,
  chronyDirectives,
  isNewer,
  localOptions,
  parseChronyVersion,
  sourceOptions,
} from './directives.ts';
export { isWrittenHeader, writtenFor, writtenHeader } from './header.ts';
export { type ChronyConf, type Directive, parseChronyConf } from './parse.ts';
export { type ConfiguredSource, sourcesOf } from './source.ts';
