import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOrFail } from '../process.ts';
import { tarOf } from './tar.ts';

test('tar(1) unpacks files with their bytes and modes, and links', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tar-'));
  try {
    const archive = tarOf(
      [
        { path: '/etc/hostname', content: 'node1\n' },
        { path: '/etc/key', content: 'x'.repeat(5000), mode: 0o600 },
        { path: '/etc/localtime', link: '/usr/share/zoneinfo/Etc/UTC' },
        { path: '/empty', content: '' },
      ],
      1_700_000_000,
    );
    expect(archive.length % 4096).toBe(0);
    await runOrFail('tar', ['--no-same-owner', '-xpf', '-', '-C', directory], { input: archive });
    expect(readFileSync(join(directory, 'etc/hostname'), 'utf8')).toBe('node1\n');
    expect(readFileSync(join(directory, 'etc/key'), 'utf8')).toBe('x'.repeat(5000));
    expect(statSync(join(directory, 'etc/key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'etc/key')).mtimeMs).toBe(1_700_000_000_000);
    expect(readlinkSync(join(directory, 'etc/localtime'))).toBe('/usr/share/zoneinfo/Etc/UTC');
    expect(statSync(join(directory, 'empty')).size).toBe(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a path that the format cannot hold is an error, never cut off', () => {
  expect(() => tarOf([{ path: `/${'x'.repeat(120)}`, content: '' }], 0)).toThrow(/too long/);
});
