import { testFacts } from '@clockwarden/testkit/configure';
import { expect, test } from 'vitest';
import type { ConfigureFacts, PackageState } from './facts.ts';
import { changedSince, seenOf } from './seen.ts';

function factsWith(packages: Readonly<Record<string, PackageState>>): ConfigureFacts {
  return testFacts({ packages, units: {}, files: { '/etc/timezone': { kind: 'absent' } } });
}

const before = factsWith({ chrony: { installed: '4.3', candidate: '4.3' } });

test('a newer package list does not make another node of it', () => {
  const renewed = factsWith({
    chrony: { installed: '4.3', candidate: '4.4' },
    ntp: { installed: null, candidate: '4.2.8' },
  });
  expect(changedSince(seenOf(before), renewed)).toEqual([]);
});

test('what came, went or was upgraded is named', () => {
  const after = factsWith({
    ntp: { installed: '4.2.8', candidate: '4.2.8' },
    openntpd: { installed: null, candidate: null, configFiles: true },
  });
  expect(changedSince(seenOf(before), after)).toEqual(['package chrony', 'package ntp', 'package openntpd']);
  expect(changedSince(seenOf(before), { ...before, files: {} })).toEqual(['file /etc/timezone']);
});
