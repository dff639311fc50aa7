import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const main = join(import.meta.dirname, 'main.ts');

test('its parts are kept compiled in the user’s cache, and nobody needs one', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'clockwarden-cache-'));
  const start = (env: Readonly<Record<string, string>>) =>
    once(spawn(process.execPath, [main, 'version'], { env, stdio: 'ignore' }), 'close');
  try {
    expect(await start({ XDG_CACHE_HOME: cache })).toEqual([0, null]);
    expect(readdirSync(join(cache, 'clockwarden', 'compiled'))).toHaveLength(1);
    expect(await start({})).toEqual([0, null]);
    expect(await start({ XDG_CACHE_HOME: '/dev/null' })).toEqual([0, null]);
  } finally {
    rmSync(cache, { recursive: true });
  }
});

test('a reader that goes away, as `head` does, ends a command without a word', async () => {
  const command = spawn(process.execPath, [main, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  command.stdout.destroy();
  let said = '';
  command.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const [code] = await once(command, 'close');
  expect([code, said]).toEqual([0, '']);
});
