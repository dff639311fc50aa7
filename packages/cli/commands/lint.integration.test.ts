/** `clockwarden lint --node` over a real sshd, whose /etc is ours. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PretendNode, startPretendNode } from '@clockwarden/testkit/pretend-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildProgram } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-lint-'));
let node: PretendNode;

const SERVERS = [1, 2, 3].map((number) => `server 192.0.2.${number} iburst\n`).join('');
const WHOLE = `${SERVERS}driftfile /var/lib/chrony/drift\nmakestep 1.0 3\nrtcsync\n`;

/** A CentOS 7 with a file of Debian's layout beside its own. */
const files: Readonly<Record<string, string>> = {
  '/etc/os-release': 'ID="centos"\nID_LIKE="rhel fedora"\n',
  '/etc/systemd/timesyncd.conf': '[Time]\nNTP=192.0.2.1,192.0.2.2\n',
  '/etc/chrony.conf': `${WHOLE}nosystemcert\ninclude /etc/chrony.d/*.conf\n`,
  '/etc/chrony.d/log.conf': 'logdir /var/log/chrony\n',
  '/etc/chrony/chrony.conf': WHOLE,
};

beforeAll(async () => {
  const chronyc = '#!/bin/sh\n[ "$1" = -v ] && echo "chronyc (chrony) version 3.4 (+READLINE)"\n';
  node = await startPretendNode({ programs: { chronyc } });
  for (const [path, content] of Object.entries(files)) {
    rmSync(node.at(path), { force: true });
    mkdirSync(dirname(node.at(path)), { recursive: true });
    writeFileSync(node.at(path), content);
  }
});
afterAll(async () => {
  await node?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface LintDocument {
  readonly files: readonly {
    readonly file: string;
    readonly findings: readonly { readonly code: string }[];
  }[];
}

async function lint(name: string, ...more: readonly string[]) {
  const config = join(folder, 'clockwarden.yaml');
  const nodes =
    'nodes: [{name: n1, address: node, sources: [ssh]}, {name: n2, address: 127.0.0.9, ssh: {port: 1}}]';
  writeFileSync(config, `${nodes}\nsources: {ssh: {configFile: ${node.sshConfig}}}\n`);
  const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    let exitCode = -1;
    const program = await buildProgram('en', new AbortController().signal, (code) => {
      exitCode = code;
    });
    const words = ['lint', '--json', '--config', config, '--node', name, ...more];
    await program.parseAsync(['node', 'clockwarden', ...words]);
    const printed = output.mock.calls.map(([line]) => String(line)).join('');
    return { exitCode, document: JSON.parse(printed) as LintDocument };
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

test('knows which file chronyd of that distribution reads, and which version of it is there', async () => {
  const codes = async (...more: readonly string[]) =>
    Object.fromEntries(
      (await lint('n1', ...more)).document.files
        .filter(({ file }) => file.includes('chrony'))
        .map(({ file, findings }) => [file, findings.map(({ code }) => code)]),
    );
  const found = {
    'n1:/etc/chrony.conf': ['chrony-newer-directive'],
    'n1:/etc/chrony.d/log.conf': [],
    'n1:/etc/chrony/chrony.conf': ['chrony-never-read'],
  };
  expect(await codes()).toEqual(found);
  expect(await codes('--chrony-version', '4.3')).toEqual({ ...found, 'n1:/etc/chrony.conf': [] });
});

test('says why a node does not answer', async () => {
  await expect(lint('n2')).rejects.toMatchObject({ code: 'source-unavailable' });
});
