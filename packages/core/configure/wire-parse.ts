/** The lines of a job as a node keeps it, back as actions: what a run did is known to the node, whoever the operator was. */
import type { Action, FileChange } from './actions.ts';
import { fromBase64, utf8Text } from './base64.ts';
import type { FirewallBackend, UnitState } from './facts.ts';

export interface JobStep {
  readonly action: Action;
  /** Null: there is nothing to undo. */
  readonly inverse: Action | null;
}

/** Of lines `do N WIRE` and `undo N WIRE`. Null: they are not a whole job that this version knows. */
export function parseJob(lines: string): readonly JobStep[] | null {
  const steps: { action?: Action; inverse?: Action | null }[] = [];
  for (const line of lines.split('\n')) {
    const [, verb, number = '', rest = ''] = /^(do|undo) (\d{1,4}) (.*)$/.exec(line) ?? [];
    if (verb === undefined) continue;
    const index = Number(number);
    const step = steps[index] ?? {};
    steps[index] = step;
    const action = parseWire(rest);
    if (verb === 'undo') step.inverse = action;
    else if (action !== null) step.action = action;
  }
  const whole = Array.from(steps, (step) =>
    step?.action === undefined || step.inverse === undefined
      ? null
      : { action: step.action, inverse: step.inverse },
  );
  return whole.length === 0 || whole.includes(null) ? null : whole.filter((step) => step !== null);
}

/** The inverse of `wireOf`; null: no action, or one of another version. */
export function parseWire(line: string): Action | null {
  const [kind, ...encoded] = line.split(' ');
  const words = encoded.map(plain);
  const [first = '', second = '', ...others] = words;
  switch (kind) {
    case 'fetch-packages':
      return { kind, packages: words };
    case 'install-package':
      return {
        kind,
        package: first,
        removes: others.slice(0, Number(second)),
        purge: others.slice(Number(second)),
      };
    case 'remove-package':
      return { kind, package: first, purge: second === 'yes' };
    case 'configure-daemon': {
      const files = chunksOf(encoded.slice(2), 6).map(fileOf);
      return isDaemon(first) && files.every((file) => file !== null)
        ? { kind, daemon: first, unit: second, files }
        : null;
    }
    case 'set-units':
      return { kind, units: Object.fromEntries(chunksOf(words, 4).map(unitOf)) };
    case 'put-file': {
      const file = fileOf(encoded);
      return file === null ? null : { kind, ...file };
    }
    case 'open-firewall':
    case 'close-firewall':
      return isBackend(first) ? { kind, backend: first, networks: words.slice(1) } : null;
    case 'resync':
      return isDaemon(first) ? { kind, daemon: first, unit: second } : null;
    default:
      return null;
  }
}

function fileOf(encoded: readonly string[]): FileChange | null {
  const [path = '', kind = '', first = '', owner = '', group = ''] = encoded.map(plain);
  const content = encoded[5] ?? '-';
  switch (kind) {
    case 'file': {
      const mode = Number.parseInt(first, 8);
      return { path, state: { kind, content: content === '-' ? '' : content, mode, owner, group } };
    }
    case 'link':
      return { path, state: { kind, target: first } };
    case 'absent':
      return { path, state: { kind } };
    default:
      return null;
  }
}

function unitOf([unit = '', active, enabled, masked]: readonly string[]): [string, UnitState] {
  return [unit, { active: active === 'yes', enabled: enabled === 'yes', masked: masked === 'yes' }];
}

function isDaemon(word: string): word is 'chronyd' | 'systemd-timesyncd' {
  return word === 'chronyd' || word === 'systemd-timesyncd';
}

function isBackend(word: string): word is FirewallBackend {
  return ['firewalld', 'ufw', 'nftables', 'iptables'].includes(word);
}

function chunksOf<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.floor(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}

function plain(word: string): string {
  return word === '-' ? '' : utf8Text(fromBase64(word));
}
