import { expect, it } from 'vitest';
import { drawnInHere, drawnInThere } from './drawn-in.ts';

const file = (path: string, content: string) => ({ path, content, truncated: false });

it('takes from a node the files of the folders that its chrony.conf names', () => {
  const files = [
    file('/etc/chrony/chrony.conf', 'confdir /etc/chrony/conf.d\n'),
    file('/etc/chrony/conf.d/a.conf', 'rtcsync\n'),
    file('/etc/chrony/sources.d/b.sources', 'server a\n'),
  ];
  expect(drawnInThere('confdir /etc/chrony/conf.d\n', files)).toEqual(['rtcsync\n']);
  expect(drawnInThere('rtcsync\n', files)).toEqual([]);
  expect(drawnInThere('confdir /srv/chrony\n', files)).toBeNull();
});

it('does not take the folders of this machine for those of a file from elsewhere', () => {
  expect(drawnInHere('/tmp/chrony.conf', 'confdir /etc\n')).toBeNull();
  expect(drawnInHere('/etc/chrony.conf', 'confdir /no/such/folder\n')).toEqual([]);
});
