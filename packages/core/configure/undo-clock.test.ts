import { runningUnit as running, testFacts } from '@clockwarden/testkit/configure';
import { describe, expect, test } from 'vitest';
import { estimate } from '../time/index.ts';
import type { Action } from './actions.ts';
import { toBase64 } from './base64.ts';
import type { ConfigureFacts, FileState } from './facts.ts';
import { correctionByUndo, type StartingDaemon, startingDaemons } from './undo-clock.ts';

const CONF = '/etc/chrony/chrony.conf';

function file(content: string): Extract<FileState, { kind: 'file' }> {
  return { kind: 'file', content: toBase64(content), mode: 0o644, owner: 'root', group: 'root' };
}

function confBack(content: string | null): Action {
  const state = content === null ? ({ kind: 'absent' } as const) : file(content);
  return {
    kind: 'configure-daemon',
    daemon: 'chronyd',
    unit: 'chrony.service',
    files: [{ path: CONF, state }],
  };
}

function packageBack(name: string): Action {
  return { kind: 'install-package', package: name, removes: ['chrony'], purge: ['chrony'] };
}

function unitsBack(units: Readonly<Record<string, boolean>>): Action {
  const states = Object.entries(units).map(([unit, active]) => [
    unit,
    { active, enabled: active, masked: false },
  ]);
  return { kind: 'set-units', units: Object.fromEntries(states) };
}

const zoneBack: Action = { kind: 'put-file', path: '/etc/timezone', state: { kind: 'absent' } };

const chronyd = (thresholdSeconds: number, limit: number): StartingDaemon => ({
  unit: 'chrony.service',
  corrector: { daemon: 'chronyd', makestep: { thresholdSeconds, limit }, corrections: 0 },
});
const unknown = (unit: string): StartingDaemon => ({ unit, corrector: null });

function starts(inverses: readonly Action[], facts: Partial<ConfigureFacts> = {}): readonly StartingDaemon[] {
  return startingDaemons(inverses, testFacts(facts));
}

describe('what starts anew', () => {
  test('nothing, where no daemon is touched or none runs', () => {
    expect(starts([zoneBack])).toEqual([]);
    expect(starts([{ kind: 'remove-package', package: 'chrony', purge: true }, confBack(null)])).toEqual([]);
    expect(starts([confBack('makestep 1 3')], { units: {} })).toEqual([]);
  });

  test('a daemon whose configuration comes back, also one that was cut while it restarted', () => {
    expect(starts([confBack('makestep 1 3')])).toEqual([chronyd(1, 3)]);
    const cut = { 'chrony.service': { ...running, active: false } };
    expect(starts([confBack('makestep 1 3')], { units: cut })).toEqual([chronyd(1, 3)]);
  });

  test('a package that comes back, not the one that goes', () => {
    const [timesyncd, ...others] = starts([packageBack('systemd-timesyncd'), confBack('makestep 1 -1')]);
    expect(others).toEqual([]);
    expect(timesyncd).toMatchObject({
      unit: 'systemd-timesyncd.service',
      corrector: { daemon: 'systemd-timesyncd' },
    });
    expect(starts([packageBack('ntpsec')])).toEqual([unknown('ntpsec.service')]);
    const rocky = { os: { id: 'rocky', like: 'rhel', name: 'Rocky 9' }, units: {} };
    expect(starts([{ kind: 'install-package', package: 'chrony', removes: [], purge: [] }], rocky)).toEqual(
      [],
    );
  });

  test('a unit to which the clock is handed back, by the configuration that it finds', () => {
    const files = { [CONF]: file('server a iburst\n') };
    const units = { 'systemd-timesyncd.service': running };
    const back = unitsBack({ 'systemd-timesyncd.service': false, 'chrony.service': true });
    expect(starts([back], { files, units })).toEqual([chronyd(0, 0)]);
    expect(starts([back], { units })).toEqual([unknown('chrony.service')]);
    expect(starts([unitsBack({ 'chrony.service': true })])).toEqual([]);
    expect(starts([unitsBack({ 'phc2sys.service': true })])).toEqual([unknown('phc2sys.service')]);
  });
});

test.each<[string, StartingDaemon]>([
  ['makestep 0.1 -1', chronyd(0.1, -1)],
  ['makestep 10 1\nmakestep 1 3', chronyd(1, 3)],
  ['server a', chronyd(0, 0)],
  ['confdir /etc/chrony/conf.d\nmakestep 1 3', chronyd(1, 3)],
  ['makestep 1 3\nconfdir /etc/chrony/conf.d', unknown('chrony.service')],
  ['include /etc/more.conf', unknown('chrony.service')],
  ['makestep 1 3\ninitstepslew 0.5 a', unknown('chrony.service')],
  ['makestep one 3', unknown('chrony.service')],
  ['makestep', unknown('chrony.service')],
])('chrony.conf with %j', (conf, expected) => {
  expect(starts([confBack(conf)])).toEqual([expected]);
});

describe('what it does to the clock', () => {
  const kind = (seconds: number, starting: readonly StartingDaemon[], bound = 0.01): string | undefined =>
    correctionByUndo(estimate(seconds, bound), starting)?.correction.kind;
  const timesyncd: StartingDaemon = {
    unit: 'systemd-timesyncd.service',
    corrector: { daemon: 'systemd-timesyncd', makestep: { thresholdSeconds: 0, limit: 0 }, corrections: 0 },
  };

  test.each([
    [0.3, [timesyncd], 'slew'],
    [-0.5, [timesyncd], 'step'],
    [0.9, [chronyd(1, 3)], 'slew'],
    [1.1, [chronyd(1, 3)], 'step'],
    [1.005, [chronyd(1, 3)], 'unknown'],
    [3_600, [chronyd(0, 0)], 'slew'],
    [0.005, [unknown('ntpsec.service')], 'none'],
    [0.05, [unknown('ntpsec.service')], 'slew'],
    [0.2, [unknown('ntpsec.service')], 'step'],
    [0.2, [], undefined],
  ])('off by %d s', (seconds, starting, expected) => {
    expect(kind(seconds, starting)).toBe(expected);
  });

  test('of several the gravest counts, of equals the last', () => {
    expect(kind(0.5, [timesyncd, chronyd(1, 3)])).toBe('step');
    expect(kind(0.5, [chronyd(1, 3), timesyncd])).toBe('step');
    expect(correctionByUndo(estimate(0.2, 0.01), [timesyncd, chronyd(1, 3)])?.by).toEqual(chronyd(1, 3));
  });
});
