import { LabProblem } from '../problem.ts';
import { bare } from './bare.ts';
import { chrony } from './chrony.ts';
import { chronyNtpdate } from './chrony-ntpdate.ts';
import { elLike } from './el-like.ts';
import type { Flavour } from './flavour.ts';
import { ntpsec } from './ntpsec.ts';
import { openntpd } from './openntpd.ts';
import { timesyncd } from './timesyncd.ts';

export type { Flavour, NodeFile } from './flavour.ts';

/** Every kind of node. A new one is a file beside this one and a line here. */
export const flavours: readonly Flavour[] = [
  chrony,
  timesyncd,
  bare,
  ntpsec,
  openntpd,
  chronyNtpdate,
  elLike,
];

export function flavourNamed(name: string): Flavour {
  const found = flavours.find((flavour) => flavour.name === name);
  if (found) return found;
  const known = flavours.map((flavour) => flavour.name).join(', ');
  throw new LabProblem(`There is no image "${name}". Known: ${known}, or mixed for one of each in turn.`);
}
