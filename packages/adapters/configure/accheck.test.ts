import { expect, test } from 'vitest';
import { accessBy, accessOf } from './accheck.ts';
import { strangerTo } from './stranger.ts';

test('an answer for each question, or none at all', () => {
  const said = 'Last login: today\nclockwarden-accheck 1\n208 Access allowed\n209 Access denied\r\n';
  expect(accessOf(said, 2)).toEqual([true, false]);
  expect(accessOf(said, 3)).toBeNull();
  expect(accessOf('501 Not authorised\n501 Not authorised\n', 2)).toBeNull();
});

test('a stranger is nobody whom the networks hold', () => {
  expect(strangerTo(['10.0.0.0/8'])).toBe('192.0.2.1');
  expect(strangerTo(['192.0.2.0/24', '198.51.100.1'])).toBe('203.0.113.1');
  expect(strangerTo(['0.0.0.0/0'])).toBe('2001:db8::1');
  expect(strangerTo(['0.0.0.0/0', '::/0'])).toBeNull();
  expect(strangerTo(['all'])).toBeNull();
});

test('each client is served, refused or unknown; one of its addresses is enough, and what was resolved here refutes nothing', () => {
  const clients = [
    { name: 'a', addresses: ['10.0.0.2', 'fd00::2'], isNamed: true },
    { name: 'b', addresses: ['10.0.0.3'], isNamed: false },
    { name: 'c', addresses: [], isNamed: true },
    { name: 'd', addresses: ['10.0.0.3'], isNamed: true },
  ];
  const served = new Map([
    ['10.0.0.2', true],
    ['fd00::2', false],
    ['10.0.0.3', false],
    ['192.0.2.1', true],
  ]);
  expect(accessBy(clients, '192.0.2.1', served)).toEqual({
    allowed: ['a'],
    refused: ['b'],
    unknown: ['c', 'd'],
    stranger: { address: '192.0.2.1', served: true },
  });
  expect(accessBy([], null, served)).toMatchObject({ stranger: null });
});
