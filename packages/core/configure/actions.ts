/**
 * Everything that can be done to a node, as data. The node's agent only interprets it; each action has its inverse, computed
 * from the facts before the first write. An action is as large as it must be for the node to have exactly one running time
 * daemon with a valid configuration before it and after it, wherever a run is cut.
 */
import type { ConfigureFacts, FileState, FirewallBackend, UnitState } from './facts.ts';

/** A state that can be written: a path which is something else is never touched. */
export type WritableState = Exclude<FileState, { kind: 'other' }>;

export interface FileChange {
  readonly path: string;
  readonly state: WritableState;
}

export type Action =
  /** Download without installing, so that nothing is retired which could not be replaced, and the way back is at hand. */
  | { readonly kind: 'fetch-packages'; readonly packages: readonly string[] }
  /**
   * From what was fetched. `removes`: packages that the package manager takes away in the same transaction (Debian: time
   * daemons exclude each other). `purge`: of those, the ones whose configuration files go as well.
   */
  | {
      readonly kind: 'install-package';
      readonly package: string;
      readonly removes: readonly string[];
      readonly purge: readonly string[];
    }
  | { readonly kind: 'remove-package'; readonly package: string; readonly purge: boolean }
  /**
   * Brings the files of a daemon to a state: its own parser (where it has one) accepts every `.conf`, then all are written,
   * then the unit is restarted where it is active, and must be running. All of it or nothing.
   */
  | {
      readonly kind: 'configure-daemon';
      readonly daemon: ConfiguredDaemon;
      readonly unit: string;
      readonly files: readonly FileChange[];
    }
  /** One hand-over of the clock: first what is enabled, then the leaving stop, then the coming start. All of it or nothing. */
  | { readonly kind: 'set-units'; readonly units: Readonly<Record<string, UnitState>> }
  /** Brings one path to a state: written beside it and renamed, or removed. */
  | { readonly kind: 'put-file'; readonly path: string; readonly state: WritableState }
  /** UDP 123 from these networks, permanent and effective at once. */
  | {
      readonly kind: 'open-firewall';
      readonly backend: FirewallBackend;
      readonly networks: readonly string[];
    }
  | {
      readonly kind: 'close-firewall';
      readonly backend: FirewallBackend;
      readonly networks: readonly string[];
    }
  /** Asks the daemon to measure now and to step by what it finds: an audited, single `chronyc makestep`. */
  | { readonly kind: 'resync'; readonly daemon: ConfiguredDaemon; readonly unit: string };

export type ConfiguredDaemon = 'chronyd' | 'systemd-timesyncd' | 'linuxptp';

/** What puts `action` back, from the facts before it; null: it changed nothing that could be put back. */
export function inverseOf(action: Action, facts: ConfigureFacts): Action | null {
  switch (action.kind) {
    case 'fetch-packages':
    case 'resync':
      return null;
    case 'install-package':
      return inverseOfInstall(action, facts);
    case 'remove-package':
      return { kind: 'install-package', package: action.package, removes: [], purge: [] };
    case 'configure-daemon':
      return {
        ...action,
        files: action.files.map(({ path }) => ({ path, state: stateBefore(path, facts) })),
      };
    case 'set-units':
      return {
        kind: 'set-units',
        units: Object.fromEntries(
          Object.keys(action.units).map((unit) => [unit, facts.units[unit] ?? notThere] as const),
        ),
      };
    case 'put-file':
      return { kind: 'put-file', path: action.path, state: stateBefore(action.path, facts) };
    case 'open-firewall':
      return { ...action, kind: 'close-firewall' };
    case 'close-firewall':
      return { ...action, kind: 'open-firewall' };
  }
}

/** A unit that systemd does not know yet: it comes with a package. */
const notThere: UnitState = { active: false, enabled: false, masked: false };

function stateBefore(path: string, facts: ConfigureFacts): WritableState {
  const before = facts.files[path];
  return before === undefined || before.kind === 'other' ? { kind: 'absent' } : before;
}

function inverseOfInstall(
  action: Extract<Action, { kind: 'install-package' }>,
  facts: ConfigureFacts,
): Action {
  const wasKnown = facts.packages[action.package]?.configFiles === true;
  const [removed] = action.removes;
  return removed === undefined
    ? { kind: 'remove-package', package: action.package, purge: !wasKnown }
    : {
        // To install what was removed is to remove what was installed: the node is never without both.
        kind: 'install-package',
        package: removed,
        removes: [action.package],
        purge: wasKnown ? [] : [action.package],
      };
}

/**
 * The order in which actions are put back: last first, but the old package before everything else. While the new daemon is
 * installed its files must stay; once the old one is back they rule nothing. A daemon that replaced no package goes before its files as
 * well, and after the hand-over that gives the clock back to another.
 * @returns indexes into `actions`; without those that leave nothing behind
 */
export function undoOrder(actions: readonly Action[]): readonly number[] {
  const reversed = actions.flatMap(({ kind }, index) => (kind === 'resync' ? [] : [index])).reverse();
  const installs = (index: number, swapping: boolean): boolean => {
    const action = actions[index];
    return action?.kind === 'install-package' && action.removes.length > 0 === swapping;
  };
  const others = reversed.filter((index) => actions[index]?.kind !== 'install-package');
  const files = others.findIndex((index) => actions[index]?.kind === 'configure-daemon');
  const beforeFiles = files < 0 ? others.length : files;
  return [
    ...reversed.filter((index) => installs(index, true)),
    ...others.slice(0, beforeFiles),
    ...reversed.filter((index) => installs(index, false)),
    ...others.slice(beforeFiles),
  ];
}
