/**
 * Everything that can be done to a node, as data. The node's agent only interprets it; each action has its inverse, computed
 * from the facts before the first write.
 */
import type { Text } from '../text/index.ts';
import type { ConfigureFacts, FileState, FirewallBackend, UnitState } from './facts.ts';

export type Action =
  /** Download without installing, so that nothing is retired which could not be replaced. */
  | { readonly kind: 'fetch-packages'; readonly packages: readonly string[] }
  /** `removes`: packages that the package manager takes away for it (Debian: chrony and systemd-timesyncd exclude each other). */
  | { readonly kind: 'install-package'; readonly package: string; readonly removes: readonly string[] }
  /** The daemon's own parser must accept the candidate; nothing is written. */
  | { readonly kind: 'validate'; readonly daemon: 'chronyd'; readonly content: string }
  /** Brings a path to a state: written beside it and renamed, or removed. */
  | {
      readonly kind: 'put-file';
      readonly path: string;
      readonly state: Exclude<FileState, { kind: 'other' }>;
    }
  | { readonly kind: 'set-unit'; readonly unit: string; readonly state: UnitState }
  | { readonly kind: 'restart-unit'; readonly unit: string }
  | {
      readonly kind: 'open-firewall';
      readonly backend: FirewallBackend;
      readonly networks: readonly string[];
    }
  | {
      readonly kind: 'close-firewall';
      readonly backend: FirewallBackend;
      readonly networks: readonly string[];
    };

export interface PlannedAction {
  readonly action: Action;
  /** Why, for the plan that is shown. */
  readonly reason: Text;
  /** Undoes it; null: it changed nothing, or a later inverse covers it. */
  readonly inverse: Action | null;
}

/** What puts `action` back, from the facts before it. */
export function inverseOf(action: Action, facts: ConfigureFacts): Action | null {
  switch (action.kind) {
    case 'fetch-packages':
    case 'validate':
    // The units and files around it are put back by their own inverses, which restart what they change.
    case 'restart-unit':
      return null;
    case 'install-package': {
      const [removed] = action.removes;
      // Installing what was removed removes what was installed: the node is never without both.
      return removed === undefined
        ? null
        : { kind: 'install-package', package: removed, removes: [action.package] };
    }
    case 'put-file': {
      const before = facts.files[action.path];
      return before === undefined || before.kind === 'other'
        ? null
        : { kind: 'put-file', path: action.path, state: before };
    }
    case 'set-unit': {
      const before = facts.units[action.unit];
      return before === undefined ? null : { kind: 'set-unit', unit: action.unit, state: before };
    }
    case 'open-firewall':
      return { ...action, kind: 'close-firewall' };
    case 'close-firewall':
      return { ...action, kind: 'open-firewall' };
  }
}
