import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOrFail } from '../process.ts';
import { indexRepository } from './mirror-index.ts';

test('lists each package with its size, its sum and its very name', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mirror-'));
  try {
    const tree = join(directory, 'tree');
    mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
    writeFileSync(
      join(tree, 'DEBIAN/control'),
      'Package: tick\nVersion: 1:2.0\nArchitecture: all\nMaintainer: Lab <lab@localhost>\nDescription: ticks\n',
    );
    const file = 'tick_1%3a2.0_all.deb';
    await runOrFail('dpkg-deb', ['--root-owner-group', '--build', tree, join(directory, file)]);
    expect(await indexRepository(directory)).toBe(1);
    const packages = readFileSync(join(directory, 'Packages'), 'utf8');
    const bytes = readFileSync(join(directory, file));
    expect(packages).toContain('Package: tick\n');
    expect(packages).toContain('Filename: ./tick_1%3a2.0_all.deb\n');
    expect(packages).toContain(`Size: ${bytes.length}\n`);
    expect(packages).toContain(`SHA256: ${createHash('sha256').update(bytes).digest('hex')}\n`);
    const sum = createHash('sha256').update(packages).digest('hex');
    expect(readFileSync(join(directory, 'Release'), 'utf8')).toContain(
      ` ${sum} ${Buffer.byteLength(packages)} Packages`,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
