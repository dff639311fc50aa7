import { expect, test } from 'vitest';
import { obstacles } from './machine.ts';

test('says which program is missing, and whose package it is', () => {
  const found = obstacles('/nonexistent').join('\n');
  // /usr/sbin and /sbin are looked into anyway: an ordinary user's PATH lacks them.
  expect(found).toContain('The program ssh-keygen is missing (Debian package openssh-client).');
});
