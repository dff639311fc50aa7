import { describe, expect, it } from 'vitest';
import { parseServerName, serverText } from './server-name.ts';

describe('servers as people type them', () => {
  it.each([
    ['ntp1', 'ntp1', 123],
    ['ntp.example.org.', 'ntp.example.org.', 123],
    ['10.0.0.1:1123', '10.0.0.1', 1123],
    ['::1', '::1', 123],
    ['2001:db8::1', '2001:db8::1', 123],
    ['[::1]', '::1', 123],
    ['[2001:db8::1]:1123', '2001:db8::1', 1123],
    ['[fe80::1%eth0]:123', 'fe80::1%eth0', 123],
    ['fe80::1%eth0', 'fe80::1%eth0', 123],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1', 123],
  ])('%s', (typed, host, port) => {
    expect(parseServerName(typed)).toEqual({ host, port });
  });

  it.each([
    '',
    ':123',
    'a b',
    'ntp:',
    'ntp:0',
    'ntp:65536',
    'ntp:12x',
    '[::1',
    '[ntp1]:123',
    '-Q',
    'a;b',
    'a..b',
    "a'b",
  ])('not %j', (typed) => {
    expect(parseServerName(typed)).toBeNull();
  });

  it('are shown with their port', () => {
    expect(serverText('10.0.0.1', 123)).toBe('10.0.0.1:123');
    expect(serverText('::1', 1123)).toBe('[::1]:1123');
  });
});
