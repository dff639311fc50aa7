import { stripVTControlCharacters } from 'node:util';

/** East Asian wide and fullwidth characters take two columns of a terminal (UAX #11). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u;

/** Columns that a string takes on a terminal, colours not counted. */
export function width(value: string): number {
  let columns = 0;
  for (const character of stripVTControlCharacters(value)) columns += wide.test(character) ? 2 : 1;
  return columns;
}
