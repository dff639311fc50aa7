/** `render --ask-nodes` against a real sshd: what it prints is what `plan` would have written. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64 } from '@clockwarden/core/configure';
import { type PretendNode, startPretendNode } from '@clockwarden/testkit/pretend-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildProgram } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-ask-'));
const configPath = join(folder, 'clockwarden.yaml');
const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
const notes = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
const CONF = '/etc/chrony.conf';
let node: PretendNode;

beforeAll(async () => {
  node = await startPretendNode();
  // A system that systemd was booted on has this folder; this machine's own /run stays as it is.
  await node.enter('mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system /run/sshd');
  mkdirSync(node.at('/etc/chrony'), { recursive: true });
  writeFileSync(node.at('/usr/local/state/units/chronyd.service'), 'active\nenabled\n');
  // Its link leads out of what the login sees of /etc.
  rmSync(node.at('/etc/os-release'), { force: true });
  writeFileSync(
    node.at('/etc/os-release'),
    'ID=rocky\nID_LIKE="rhel centos fedora"\nPRETTY_NAME="Rocky Linux 9"\n',
  );
  writeFileSync(node.at(CONF), 'pool 2.pool.ntp.org\nuser timekeeper\n', { mode: 0o644 });
});

afterAll(async () => {
  output.mockRestore();
  notes.mockRestore();
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function clockwarden(
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly printed: string }> {
  output.mockClear();
  notes.mockClear();
  let code = -1;
  const program = await buildProgram('en', new AbortController().signal, (exit) => {
    code = exit;
  });
  await program.parseAsync(['node', 'clockwarden', '-c', configPath, ...words]);
  return { code, printed: output.mock.calls.map(([line]) => String(line)).join('') };
}

function describeNodes(names: string): void {
  writeFileSync(
    configPath,
    `nodes: ${names}
sources: {ssh: {configFile: ${node.sshConfig}, timeout: 30s}}
timesync: {topology: direct, upstreams: [192.0.2.1, 192.0.2.2, 192.0.2.3]}
`,
  );
}

test('its distribution and the user of its chronyd are found, and the bytes are those of its plan', async () => {
  describeNodes('[node]');
  const { printed } = await clockwarden('plan', '--json');
  const [planned] = JSON.parse(printed).nodes;
  const { files } = planned.actions.find(
    ({ action }: { readonly action: { readonly kind: string } }) => action.kind === 'configure-daemon',
  ).action;
  const asked = await clockwarden('render', '--ask-nodes', '--json');
  expect(asked.code).toBe(0);
  const [file, ...more] = JSON.parse(asked.printed);
  expect(more).toEqual([]);
  expect(files).toEqual([
    {
      path: CONF,
      state: {
        kind: 'file',
        content: Buffer.from(file.content).toString('base64'),
        mode: Number.parseInt(file.mode, 8),
        owner: file.owner,
        group: file.group,
      },
    },
  ]);
  expect(file.path).toBe(`node${CONF}`);
  expect(fromBase64(files[0].state.content)).toMatch(/^user timekeeper$/m);
  const unasked = await clockwarden('render', '--family', 'rhel');
  expect(unasked.printed).not.toMatch(/^user/m);
});

test('one that cannot be asked is named, and nothing is written', async () => {
  describeNodes('[node, {name: gone, address: 127.0.0.1, ssh: {port: 1}}]');
  const out = join(folder, 'out');
  const { code, printed } = await clockwarden('render', '--ask-nodes', '--out', out);
  expect(code).toBe(2);
  expect(printed).toBe('');
  const said = notes.mock.calls.map(([line]) => String(line)).join('');
  expect(said).toMatch(/^gone: .+\n.*Nothing was written\.$/ms);
  const { code: alone } = await clockwarden('render', '--ask-nodes', 'node', '--out', out);
  expect(alone).toBe(0);
});
