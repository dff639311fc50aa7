import { chronyPaths, timesyncdDropIn } from './files.ts';

/** Every path outside of crontabs that a plan may write to. */
export const plannedPaths: readonly string[] = [
  chronyPaths.debian.conf,
  chronyPaths.rhel.conf,
  timesyncdDropIn,
  '/etc/localtime',
  '/etc/timezone',
];
