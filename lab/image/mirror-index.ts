import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrFail } from '../process.ts';

/** Writes the Packages and Release files that make a directory of .deb files a flat apt repository (sources.list(5)). */
export async function indexRepository(directory: string): Promise<number> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.deb')).sort();
  const entries: string[] = [];
  for (const file of files) {
    const control = await runOrFail('dpkg-deb', ['--field', join(directory, file)]);
    const bytes = await readFile(join(directory, file));
    // As it is, also where apt has put "%3a" for the colon of an epoch: apt quotes the per cent sign itself when it asks.
    entries.push(
      `${control.trimEnd()}\nFilename: ./${file}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n`,
    );
  }
  const index = entries.join('\n');
  await writeFile(join(directory, 'Packages'), index);
  const release = [
    'Origin: Clockwarden lab',
    'Label: Clockwarden lab',
    'Suite: lab',
    'Architectures: amd64 all',
    `Date: ${new Date().toUTCString().replace('GMT', 'UTC')}`,
    'SHA256:',
    ` ${sha256(index)} ${Buffer.byteLength(index)} Packages`,
    '',
  ];
  await writeFile(join(directory, 'Release'), release.join('\n'));
  return files.length;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
