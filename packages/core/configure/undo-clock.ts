/**
 * What putting a node back does to its clock: which daemons start anew on the way, and from which offset on each of them steps.
 * What their sources say is not known: a right source makes a daemon correct the offset that the clock has; a wrong one does
 * what it likes.
 */
import { parseChronyConf } from '../chrony-conf/index.ts';
import type { Estimate } from '../time/index.ts';
import type { Action } from './actions.ts';
import { fromBase64 } from './base64.ts';
import { type Correction, type Corrector, correctionOf, HARMLESS_STEP_SECONDS } from './correction.ts';
import type { ConfigureFacts, FileState, UnitState } from './facts.ts';
import { type ConfigFamily, chronyPaths } from './files.ts';
import { clockUnits, familyOf, installOf, unitOf } from './time-daemons.ts';

export interface StartingDaemon {
  readonly unit: string;
  /** Null: from which offset on it steps is not known. */
  readonly corrector: Corrector | null;
}

export interface UndoneClock {
  /** The daemon that moves it the most. */
  readonly by: StartingDaemon;
  readonly correction: Correction;
}

/**
 * @param inverses in the order in which they are performed
 * @param facts of the node before the first of them
 * @returns in the order of their starts; empty: nothing touches the clock
 */
export function startingDaemons(
  inverses: readonly Action[],
  facts: Pick<ConfigureFacts, 'os' | 'units' | 'files'>,
): readonly StartingDaemon[] {
  const family = familyOf(facts.os);
  const files = new Map(Object.entries(facts.files));
  const units = new Map<string, Pick<UnitState, 'active' | 'enabled'>>(Object.entries(facts.units));
  const starting: StartingDaemon[] = [];
  const start = (unit: string): void => {
    units.set(unit, { active: true, enabled: true });
    if (clockUnits.includes(unit)) starting.push({ unit, corrector: correctorOf(unit, family, files) });
  };
  for (const action of inverses) {
    switch (action.kind) {
      case 'configure-daemon': {
        for (const { path, state } of action.files) files.set(path, state);
        const unit = units.get(action.unit);
        // A restart that was cut may have left it enabled and dead.
        if (unit?.active === true || unit?.enabled === true) start(action.unit);
        break;
      }
      case 'install-package': {
        for (const removed of action.removes) units.delete(unitOf(removed));
        // A package of Debian starts its daemon, one of RHEL does not.
        if (family === 'debian') start(unitOf(action.package));
        break;
      }
      case 'remove-package':
        units.delete(unitOf(action.package));
        break;
      case 'set-units':
        for (const [unit, { active, enabled }] of Object.entries(action.units)) {
          if (active && units.get(unit)?.active !== true) start(unit);
          else units.set(unit, { active, enabled });
        }
        break;
      default:
        break;
    }
  }
  return starting;
}

/**
 * The gravest of what they do, while their sources are right. A daemon of which nothing is known may step by whatever the
 * clock is off, which below a tenth of a second nobody notices.
 * @param offset the clock's own, positive = it is ahead @returns null: none of them starts
 */
export function correctionByUndo(offset: Estimate, starting: readonly StartingDaemon[]): UndoneClock | null {
  const all = starting.map(
    (by): UndoneClock => ({
      by,
      correction: correctionOf({ known: true, offset }, by.corrector ?? unknownDaemon),
    }),
  );
  const [first = null, ...others] = all;
  // Of equals the last: it is the one that stays.
  return others.reduce<UndoneClock | null>(
    (worst, one) => (worst !== null && gravity(worst) > gravity(one) ? worst : one),
    first,
  );
}

const order: readonly Correction['kind'][] = ['none', 'slew', 'unknown', 'step'];

function gravity({ correction }: UndoneClock): number {
  return order.indexOf(correction.kind);
}

const unknownDaemon: Corrector = {
  daemon: 'chronyd',
  makestep: { thresholdSeconds: HARMLESS_STEP_SECONDS, limit: -1 },
  corrections: 0,
};

function correctorOf(
  unit: string,
  family: ConfigFamily | null,
  files: ReadonlyMap<string, FileState>,
): Corrector | null {
  if (unit === 'systemd-timesyncd.service') {
    return { daemon: 'systemd-timesyncd', makestep: noMakestep, corrections: 0 };
  }
  if (family === null || installOf(family, 'chronyd')?.unit !== unit) return null;
  const conf = files.get(chronyPaths[family].conf);
  const makestep = conf?.kind === 'file' ? makestepIn(fromBase64(conf.content)) : null;
  return makestep === null ? null : { daemon: 'chronyd', makestep, corrections: 0 };
}

const noMakestep: Corrector['makestep'] = { thresholdSeconds: 0, limit: 0 };

/**
 * chronyd takes the last `makestep` that it reads; without one it never steps (chrony.conf(5)). Null: one may stand in a file
 * that is drawn in after it, or `initstepslew` steps as well.
 */
function makestepIn(conf: string): Corrector['makestep'] | null {
  const { directives } = parseChronyConf(conf);
  if (directives.some(({ name }) => name === 'initstepslew')) return null;
  const last = directives.findLast(({ name }) => ['makestep', 'include', 'confdir'].includes(name));
  if (last === undefined) return noMakestep;
  const [thresholdSeconds = Number.NaN, limit = Number.NaN] = last.args.map(Number);
  return last.name === 'makestep' && thresholdSeconds >= 0 && Number.isInteger(limit)
    ? { thresholdSeconds, limit }
    : null;
}
