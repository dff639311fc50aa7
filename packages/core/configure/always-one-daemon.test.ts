/**
 * A node as a model (which daemons are installed, enabled, running; which files exist), on which plans are carried out and
 * cut after each action: there is exactly one owner of the clock whenever there was one before.
 */
import { testDesign } from '@clockwarden/testkit/configure';
import { expect, test } from 'vitest';
import { defaultTimesync, type TimesyncConfig } from '../policy/index.ts';
import { type Action, undoOrder } from './actions.ts';
import type { NodeDesign } from './design.ts';
import type { ConfigureFacts, FileState, PackageState, UnitState } from './facts.ts';
import { plannedPaths } from './facts-paths.ts';
import { type NodePlan, planNode } from './plan-node.ts';
import { clockUnits, excludedBy, familyOf } from './time-daemons.ts';

const timesync: TimesyncConfig = {
  ...defaultTimesync,
  topology: 'direct',
  upstreams: ['a.ntp', 'b.ntp', 'c.ntp'],
};

function designFor(daemon: NodeDesign['daemon']): NodeDesign {
  return testDesign({ daemon, upstreams: timesync.upstreams, timezone: 'Asia/Shanghai' });
}

interface Start {
  readonly os: string;
  /** Packages installed; Debian's exclude each other. */
  readonly packages: readonly string[];
  /** Units with their state. */
  readonly units: Readonly<Record<string, UnitState>>;
  readonly files: Readonly<Record<string, FileState>>;
}

const on: UnitState = { active: true, enabled: true, masked: false };
const off: UnitState = { active: false, enabled: false, masked: false };
const conf: FileState = { kind: 'file', content: 'b2xk', mode: 0o644, owner: 'root', group: 'root' };

const starts: Readonly<Record<string, Start>> = {
  'Debian with timesyncd': {
    os: 'debian',
    packages: ['systemd-timesyncd'],
    units: { 'systemd-timesyncd.service': on },
    files: {},
  },
  'Debian with chrony': {
    os: 'debian',
    packages: ['chrony'],
    units: { 'chrony.service': on },
    files: { '/etc/chrony/chrony.conf': conf },
  },
  'Debian with ntpsec': {
    os: 'debian',
    packages: ['ntpsec'],
    units: { 'ntpsec.service': on },
    files: {},
  },
  'Debian with chrony and a second daemon built by hand': {
    os: 'debian',
    packages: ['chrony'],
    units: { 'chrony.service': on, 'ntpd.service': on },
    files: { '/etc/chrony/chrony.conf': conf },
  },
  'Debian with only a daemon built by hand': {
    os: 'debian',
    packages: [],
    units: { 'ntpd.service': on },
    files: {},
  },
  'RHEL with chrony': {
    os: 'rhel',
    packages: ['chrony'],
    units: { 'chronyd.service': on },
    files: { '/etc/chrony.conf': conf },
  },
  'RHEL with ntpd, chrony at rest': {
    os: 'rhel',
    packages: ['chrony'],
    units: { 'chronyd.service': { ...off, masked: true }, 'ntpd.service': on },
    files: { '/etc/chrony.conf': conf },
  },
  'RHEL with ntpd, without chrony': {
    os: 'rhel',
    packages: [],
    units: { 'ntpd.service': on },
    files: {},
  },
};

/** The package that brings a unit. */
const packageOf: Readonly<Record<string, string>> = {
  'chrony.service': 'chrony',
  'chronyd.service': 'chrony',
  'systemd-timesyncd.service': 'systemd-timesyncd',
  'ntpsec.service': 'ntpsec',
};

class ModelNode {
  readonly os: string;
  readonly packages: Set<string>;
  readonly units: Map<string, UnitState>;
  readonly files: Map<string, FileState>;

  constructor(start: Start) {
    this.os = start.os;
    this.packages = new Set(start.packages);
    this.units = new Map(Object.entries(start.units));
    this.files = new Map(Object.entries(start.files));
  }

  facts(): ConfigureFacts {
    const names = ['chrony', 'systemd-timesyncd', 'ntpsec'];
    const packages = names.map((name): [string, PackageState] => [
      name,
      { installed: this.packages.has(name) ? '1' : null, candidate: '1' },
    ]);
    return {
      os: { id: this.os, like: '', name: this.os },
      privilege: 'root',
      systemd: true,
      packageManager: this.os === 'debian' ? 'apt' : 'dnf',
      packages: Object.fromEntries(packages),
      units: Object.fromEntries(this.units),
      files: {
        ...Object.fromEntries(plannedPaths.map((path) => [path, { kind: 'absent' } as const])),
        ...Object.fromEntries(this.files),
      },
      firewall: null,
      clockJobs: {},
      runs: { etcd: false, apiserver: false },
    };
  }

  running(): readonly string[] {
    return clockUnits.filter((unit) => this.units.get(unit)?.active === true);
  }

  enabled(): readonly string[] {
    return clockUnits.filter((unit) => this.units.get(unit)?.enabled === true);
  }

  perform(action: Action, direction: 'do' | 'undo'): void {
    switch (action.kind) {
      case 'install-package':
        this.#remove(action.removes);
        this.#install(action.package, direction);
        return;
      case 'remove-package':
        this.#remove([action.package]);
        return;
      case 'configure-daemon':
        for (const { path, state } of action.files) this.files.set(path, state);
        return;
      case 'put-file':
        this.files.set(action.path, action.state);
        return;
      case 'set-units':
        for (const [unit, state] of Object.entries(action.units)) {
          const brought = packageOf[unit];
          if (brought === undefined || this.packages.has(brought)) this.units.set(unit, state);
        }
        return;
      default:
    }
  }

  #install(name: string, direction: 'do' | 'undo'): void {
    this.packages.add(name);
    const isDebian = this.os === 'debian';
    const unit = name === 'chrony' && !isDebian ? 'chronyd.service' : `${name}.service`;
    // Debian's packages start their daemon; beside one that runs the agent stops it, until the clock is handed over.
    const waits = direction === 'do' && this.running().length > 0;
    this.units.set(unit, isDebian && !waits ? on : off);
  }

  #remove(names: readonly string[]): void {
    for (const name of names) {
      expect(this.os === 'rhel' || excludedBy('debian', 'nothing').includes(name)).toBe(true);
      this.packages.delete(name);
      for (const [unit, brought] of Object.entries(packageOf)) {
        if (brought === name) this.units.delete(unit);
      }
    }
  }
}

function planFor(node: ModelNode, daemon: NodeDesign['daemon']): NodePlan {
  return planNode(designFor(daemon), timesync, node.facts());
}

const cases = Object.entries(starts).flatMap(([name, start]) =>
  (['chronyd', 'systemd-timesyncd'] as const)
    .filter((daemon) => familyOf({ id: start.os, like: '' }) === 'debian' || daemon === 'chronyd')
    .map((daemon) => [name, daemon, start] as const),
);

test.each(cases)(
  '%s to %s: one daemon after each action, and after each that is undone',
  (_, daemon, start) => {
    const count = planFor(new ModelNode(start), daemon).actions.length;
    expect(count).toBeGreaterThan(0);
    for (let cut = 0; cut <= count; cut += 1) {
      const node = new ModelNode(start);
      const { actions } = planFor(node, daemon);
      const before = node.facts();
      const owners = node.running().length;
      for (const { action } of actions.slice(0, cut)) {
        node.perform(action, 'do');
        expect(node.running().length).toBeGreaterThanOrEqual(1);
        expect(node.running().length).toBeLessThanOrEqual(Math.max(owners, 1));
        expect(node.enabled().length).toBeGreaterThanOrEqual(1);
      }
      if (cut === count) {
        expect(node.running()).toHaveLength(1);
        expect(node.enabled()).toEqual(node.running());
        expect(planFor(node, daemon).actions).toEqual([]);
      }
      const done = actions.slice(0, cut);
      for (const index of undoOrder(done.map(({ action }) => action))) {
        const inverse = done[index]?.inverse;
        if (inverse != null) node.perform(inverse, 'undo');
        expect(node.running().length).toBeGreaterThanOrEqual(1);
        expect(node.running().length).toBeLessThanOrEqual(Math.max(owners, 1));
      }
      expect(node.facts()).toEqual(before);
    }
  },
);
