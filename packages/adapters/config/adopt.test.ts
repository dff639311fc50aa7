import { describe, expect, test } from 'vitest';
import { withAdopted } from './adopt.ts';

const config = `# The cluster of the third floor.
name: lab   # kept

nodes:
  - {name: node1, address: 10.0.0.1, roles: [control-plane]}   # old chrony
  - name: node2
    address: 10.0.0.2
    timesync:
      # two networks
      minSources: 1
  - node3=10.0.0.3

timesync:
  upstreams: [a.example, "b.example", 'c.example']
`;

describe('adopted nodes', () => {
  test('get the key where they stand, and nothing else of the file is touched', () => {
    expect(withAdopted(config, ['node1', 'node2'])).toBe(
      config
        .replace('roles: [control-plane]}  ', 'roles: [control-plane], timesync: {adopt: true}}')
        .replace('      minSources: 1\n', '      minSources: 1\n      adopt: true\n'),
    );
  });

  test('that have no map of their own stand below `groups`', () => {
    const after = withAdopted(config, ['node3']);
    expect(after.startsWith(config)).toBe(true);
    expect(after.slice(config.length).trim()).toBe(
      'groups:\n  node3:\n    timesync:\n      adopt: true'.trim(),
    );
    expect(withAdopted(after, ['node3'])).toBe(after);
    const more = withAdopted('inventory: hosts\ngroups:\n    node3:\n        timezone: UTC\n', [
      'node3',
      'node4',
    ]);
    expect(more).toBe(
      'inventory: hosts\ngroups:\n    node3:\n        timezone: UTC\n        timesync:\n            adopt: true\n    node4:\n        timesync:\n            adopt: true\n',
    );
  });

  test('an empty file and one of comments can be written to as well', () => {
    expect(withAdopted('', ['a'])).toBe('groups:\n  a:\n    timesync:\n      adopt: true\n');
    expect(withAdopted('# nothing yet\n', ['a'])).toBe(
      '# nothing yet\n\ngroups:\n  a:\n    timesync:\n      adopt: true\n',
    );
  });
});
