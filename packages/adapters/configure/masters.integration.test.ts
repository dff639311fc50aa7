import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSshd } from '@clockwarden/testkit/daemons';
import { runOrThrow } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { expect, test } from 'vitest';
import { endMasters } from './masters.ts';

test('a real master ends when it is told through its socket; what is no master is passed over', async () => {
  const sshd = await startSshd();
  const directory = mkdtempSync(join(tmpdir(), 'cw-'));
  try {
    const master = [
      '-o',
      'ControlMaster=auto',
      '-o',
      'ControlPersist=60',
      '-o',
      `ControlPath=${directory}/s`,
    ];
    await runOrThrow('ssh', [
      '-F',
      sshd.sshConfig,
      '-E',
      join(directory, '0.log'),
      ...master,
      'node',
      'true',
    ]);
    expect(readdirSync(directory).sort()).toEqual(['0.log', 's']);
    await endMasters(directory);
    await waitFor(() => !existsSync(join(directory, 's')), { what: 'the socket to be gone' });
    await endMasters(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await sshd.stop();
  }
});
