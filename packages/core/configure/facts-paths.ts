import { chronyPaths, timesyncdDropIn } from './files.ts';
import { ptpPaths } from './render/ptp.ts';

/** Every path outside of crontabs that a plan may write to. */
export const plannedPaths: readonly string[] = [
  ...Object.values(chronyPaths).flatMap(({ conf, keyFile }) => [conf, keyFile]),
  ...Object.values(ptpPaths).flatMap(({ ptp4l, timemaster, options }) =>
    [ptp4l, timemaster, options ?? []].flat(),
  ),
  timesyncdDropIn,
  '/etc/localtime',
  '/etc/timezone',
];
