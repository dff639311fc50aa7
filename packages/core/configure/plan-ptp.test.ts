import { runningUnit as on, testDesign, testFacts } from '@clockwarden/testkit/configure';
import { describe, expect, test } from 'vitest';
import { defaultTimesync } from '../policy/index.ts';
import type { NodeDesign } from './design.ts';
import type { ConfigureFacts, FileState } from './facts.ts';
import { planNode } from './plan-node.ts';
import { packagesWanted } from './time-daemons.ts';

function designWith(program: 'ptp4l' | 'timemaster'): NodeDesign {
  return testDesign({
    upstreams: ['a.ntp'],
    ptp: { interfaces: ['eth0'], domain: 0, transport: 'UDPv4', program },
  });
}

const facts = testFacts({
  packages: {
    chrony: { installed: '4.3', candidate: '4.3' },
    linuxptp: { installed: null, candidate: '3.1' },
  },
  files: {
    '/etc/chrony/chrony.conf': { kind: 'absent' },
    '/etc/linuxptp/ptp4l.conf': { kind: 'absent' },
    '/etc/linuxptp/timemaster.conf': { kind: 'absent' },
  },
  machine: {
    hardwareClocks: { eth0: '/dev/ptp0' },
    hostClock: null,
    container: null,
    programs: ['chronyd'],
    vmwareTimesync: null,
    leapSeconds: { rightUtc: true, list: false },
    otherSources: {},
  },
});

/** As the facts will be once the plan was carried out. */
function after(
  design: NodeDesign,
  units: ConfigureFacts['units'],
  programs: readonly string[],
): ConfigureFacts {
  const files: Record<string, FileState> = { ...facts.files };
  for (const { action } of planNode(design, defaultTimesync, facts).actions) {
    if (action.kind === 'configure-daemon') for (const { path, state } of action.files) files[path] = state;
  }
  const machine = facts.machine === undefined ? {} : { machine: { ...facts.machine, programs } };
  const packages = { ...facts.packages, linuxptp: { installed: '3.1', candidate: '3.1' } };
  return { ...facts, ...machine, files, packages, units };
}

describe('a node that follows a PTP grandmaster', () => {
  test('with ptp4l: linuxptp comes, its file before the file of chronyd, and chronyd keeps the clock', () => {
    const { actions, problems } = planNode(designWith('ptp4l'), defaultTimesync, facts);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(actions.map(({ action }) => action)).toMatchObject([
      { kind: 'fetch-packages', packages: ['linuxptp'] },
      { kind: 'install-package', package: 'linuxptp', removes: [] },
      { kind: 'configure-daemon', daemon: 'linuxptp', unit: 'ptp4l@eth0.service' },
      { kind: 'configure-daemon', daemon: 'chronyd', unit: 'chrony.service' },
      { kind: 'set-units', units: { 'chrony.service': on, 'ptp4l@eth0.service': on } },
    ]);
    const units = { 'chrony.service': on, 'ptp4l@eth0.service': on };
    const again = planNode(
      designWith('ptp4l'),
      defaultTimesync,
      after(designWith('ptp4l'), units, ['ptp4l']),
    );
    expect(again.actions).toEqual([]);
  });

  test('with timemaster: it takes over the unit of chronyd in one hand-over', () => {
    const { actions } = planNode(designWith('timemaster'), defaultTimesync, facts);
    const off = { active: false, enabled: false, masked: false };
    expect(actions.at(-1)?.action).toEqual({
      kind: 'set-units',
      units: { 'chrony.service': off, 'timemaster.service': on },
    });
    expect(actions.at(-1)?.inverse).toEqual({
      kind: 'set-units',
      units: { 'chrony.service': on, 'timemaster.service': off },
    });
    const units = { 'chrony.service': off, 'timemaster.service': on };
    const done = after(designWith('timemaster'), units, ['timemaster', 'phc2sys', 'ptp4l', 'chronyd']);
    expect(planNode(designWith('timemaster'), defaultTimesync, done).actions).toEqual([]);
    const edited = {
      ...done,
      files: { ...done.files, '/etc/chrony/chrony.conf': { kind: 'absent' } as const },
    };
    expect(planNode(designWith('timemaster'), defaultTimesync, edited).actions).toMatchObject([
      { action: { kind: 'configure-daemon', daemon: 'chronyd', unit: 'timemaster.service' } },
    ]);
  });

  test('without the hardware it is left alone, and the plan says why', () => {
    const without =
      facts.machine === undefined ? facts : { ...facts, machine: { ...facts.machine, hardwareClocks: {} } };
    const { actions, problems } = planNode(designWith('ptp4l'), defaultTimesync, without);
    expect(actions).toEqual([]);
    expect(problems.map((problem) => problem.text.en).join('\n')).toMatch(/needs a hardware clock/);
  });
});

test('an adopted node is not planned for', () => {
  expect(
    planNode({ ...designWith('ptp4l'), ptp: null, adopted: true }, defaultTimesync, facts),
  ).toMatchObject({
    actions: [],
    problems: [],
  });
});

test('an unfinished run is said, and does not stand in the way of the plan', () => {
  const run = {
    id: '20261122T120000Z-0a1b',
    operator: 'ops@desk',
    startedUnixSeconds: 1,
    state: 'unfinished',
    actions: 2,
    undoOrder: [1, 0],
    done: [0],
    undone: [],
    begun: 1,
    digest: 'x',
  } as const;
  const { problems, actions } = planNode({ ...designWith('ptp4l'), ptp: null }, defaultTimesync, {
    ...facts,
    remembered: { lock: null, runs: [run] },
  });
  expect(problems.map((problem) => problem.text.en).join('\n')).toMatch(
    /20261122T120000Z-0a1b of ops@desk has not ended/,
  );
  expect(actions.length).toBeGreaterThan(0);
});

test('what a plan may have to install', () => {
  const nodes = [designWith('ptp4l'), testDesign({ daemon: 'systemd-timesyncd' })].map((design, index) => ({
    ...design,
    node: { ...design.node, name: `n-${index}` },
  }));
  expect(Object.fromEntries(packagesWanted({ nodes }))).toEqual({
    'n-0': ['chrony', 'linuxptp'],
    'n-1': ['systemd-timesyncd'],
  });
});
