/** `clockwarden lint --node` over a real sshd, whose /etc/systemd is ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sshd, startSshd } from '@clockwarden/testkit/daemons';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildProgram } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-lint-'));
let sshd: Sshd;

beforeAll(async () => {
  mkdirSync(join(folder, 'systemd'));
  writeFileSync(join(folder, 'systemd', 'timesyncd.conf'), '[Time]\nNTP=192.0.2.1,192.0.2.2\n');
  sshd = await startSshd({ mounts: { '/etc/systemd': join(folder, 'systemd') } });
});
afterAll(async () => {
  await sshd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function lint(name: string) {
  const config = join(folder, 'clockwarden.yaml');
  const nodes =
    'nodes: [{name: n1, address: node, sources: [ssh]}, {name: n2, address: 127.0.0.9, ssh: {port: 1}}]';
  writeFileSync(config, `${nodes}\nsources: {ssh: {configFile: ${sshd.sshConfig}}}\n`);
  const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    let exitCode = -1;
    const program = await buildProgram('en', new AbortController().signal, (code) => {
      exitCode = code;
    });
    await program.parseAsync(['node', 'clockwarden', 'lint', '--json', '--config', config, '--node', name]);
    const printed = output.mock.calls.map(([line]) => String(line)).join('');
    return { exitCode, document: JSON.parse(printed) as { files: { file: string }[] } };
  } finally {
    output.mockRestore();
  }
}

test('finds the mistakes in the files that the node has', async () => {
  const { exitCode, document } = await lint('n1');
  expect(exitCode).toBe(2);
  expect(document.files.find(({ file }) => file === 'n1:/etc/systemd/timesyncd.conf')).toMatchObject({
    kind: 'timesyncd.conf',
    findings: [{ code: 'timesyncd-commas', line: 2 }, { code: 'timesyncd-single-server' }],
  });
});

test('says why a node does not answer', async () => {
  await expect(lint('n2')).rejects.toMatchObject({ code: 'source-unavailable' });
});
