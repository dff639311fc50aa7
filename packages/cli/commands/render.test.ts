import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorTable, OperatorError } from '@clockwarden/core/errors';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildProgram } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-render-'));
const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
const notes = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
beforeEach(() => {
  output.mockClear();
  notes.mockClear();
});
afterAll(() => {
  output.mockRestore();
  notes.mockRestore();
  rmSync(folder, { recursive: true, force: true });
});

const servers = '[192.0.2.1, 192.0.2.2, 192.0.2.3]';
const nodes = '[{name: cp-1, address: 10.0.0.1, role: control-plane}, {name: w-1, address: 10.0.0.2}]';

function config(timesync: string, described = nodes): string {
  const path = join(folder, 'clockwarden.yaml');
  writeFileSync(path, `name: demo\nnodes: ${described}\ntimesync: ${timesync}\n`);
  return path;
}

const direct = (): string => config(`{mode: chrony, topology: direct, servers: ${servers}}`);

function withKeys(): string {
  const file = join(folder, 'chrony.keys');
  writeFileSync(file, '1 SHA256 HEX:001122334455\n', { mode: 0o600 });
  return config(
    `{servers: [cp-1], upstreams: ${servers}, allow: [10.0.0.0/8], keys: {file: ${file}, id: 1}}`,
  );
}

async function render(
  ...words: readonly string[]
): Promise<{ readonly code: number; readonly printed: string }> {
  let code = -1;
  const program = await buildProgram('en', new AbortController().signal, (exit) => {
    code = exit;
  });
  await program.parseAsync(['node', 'clockwarden', 'render', ...words]);
  return { code, printed: output.mock.calls.map(([line]) => String(line)).join('') };
}

/** The code of the error that it ends with. */
async function refused(...words: readonly string[]): Promise<string> {
  const error = await render(...words).then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof OperatorError ? `${error.code}: ${error.message}` : String(error);
}

describe('printed', () => {
  test('several files have their paths above them', async () => {
    const { code, printed } = await render('-c', direct());
    expect(code).toBe(0);
    expect(printed.match(/^# (cp|w)-1\/.*$/gm)).toEqual([
      '# cp-1/etc/chrony/chrony.conf',
      '# w-1/etc/chrony/chrony.conf',
    ]);
  });

  test('one alone is printed byte by byte, for a file or a pipe', async () => {
    const out = join(folder, 'alone');
    for (const format of ['tree', 'cloud-init', 'ignition']) {
      output.mockClear();
      await render('-c', direct(), 'w-1', '-f', format, '--out', out, '--force');
      const { printed } = await render('-c', direct(), 'w-1', '-f', format);
      const path = {
        tree: 'w-1/etc/chrony/chrony.conf',
        'cloud-init': 'w-1.cloud-config.yaml',
        ignition: 'w-1.ign',
      };
      expect(printed).toBe(readFileSync(join(out, path[format as keyof typeof path]), 'utf8'));
    }
  });

  test('nothing that holds a key is shown, in whatever shape', async () => {
    const config = withKeys();
    const { code, printed } = await render('-c', config, 'cp-1');
    expect(code).toBe(0);
    expect(printed).toMatch(/^# cp-1\/etc\/chrony\/chrony\.keys\n# not shown: .*--out/m);
    expect(printed).toMatch(/^# cp-1\/etc\/chrony\/chrony\.conf\n# Written by/m);
    expect(printed).not.toMatch(/001122334455/);
    output.mockClear();
    for (const format of ['cloud-init', 'ignition', 'butane', 'machine-config']) {
      const error = await refused('-c', config, 'cp-1', '-f', format);
      expect(error).toMatch(/^secret-not-shown: .*cp-1\./);
      expect(output).not.toHaveBeenCalled();
    }
    expect(errorTable['secret-not-shown'].exitCode).toBe(77);
    expect(errorTable['secret-not-shown'].hint.en).toContain('--out');
  });

  test('--json says whose file it is, with everything that an installer needs', async () => {
    const { printed } = await render('-c', withKeys(), 'cp-1', '--json');
    expect(JSON.parse(printed)).toMatchObject([
      {
        node: 'cp-1',
        path: 'cp-1/etc/chrony/chrony.keys',
        mode: '0640',
        owner: 'root',
        group: '_chrony',
        content: '# Written by Clockwarden.\n1 SHA256 HEX:001122334455\n',
      },
      { node: 'cp-1', path: 'cp-1/etc/chrony/chrony.conf', mode: '0644', owner: 'root', group: 'root' },
    ]);
    output.mockClear();
    const document = await render('-c', withKeys(), 'cp-1', '--json', '-f', 'ignition');
    const [only] = JSON.parse(document.printed);
    expect(Object.keys(only)).toEqual(['node', 'path', 'mode', 'content']);
    expect(only).toMatchObject({ path: 'cp-1.ign', mode: '0600' });
  });
});

describe('written', () => {
  test('a file that is replaced gets its own mode, and a link is replaced instead of followed', async () => {
    const out = join(folder, 'out');
    const config = withKeys();
    await render('-c', config, '--out', out);
    const keys = join(out, 'cp-1/etc/chrony/chrony.keys');
    expect(statSync(keys).mode & 0o007).toBe(0);
    rmSync(keys);
    writeFileSync(keys, 'old', { mode: 0o644 });
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'mine');
    const conf = join(out, 'w-1/etc/chrony/chrony.conf');
    rmSync(conf);
    symlinkSync(elsewhere, conf);
    expect(await refused('-c', config, '--out', out)).toMatch(/^file-exists/);
    expect(readFileSync(keys, 'utf8')).toBe('old');
    await render('-c', config, '--out', out, '--force');
    expect(statSync(keys).mode & 0o007).toBe(0);
    expect(readFileSync(keys, 'utf8')).toContain('001122334455');
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
    expect(readFileSync(conf, 'utf8')).toContain('server 10.0.0.1');
  });
});

describe('refused', () => {
  test.each([
    ['a name that is not there', 'not-found', ['w-2']],
    ["Debian's layout for Ignition", 'design-impossible', ['-f', 'ignition', '--family', 'debian']],
    ['assuming and asking at once', 'CommanderError', ['--family', 'rhel', '--ask-nodes']],
  ] as const)('%s', async (_, code, words) => {
    expect(await refused('-c', direct(), ...words)).toContain(code);
    expect(output).not.toHaveBeenCalled();
  });

  test('a server of Talos, while its clients are patched', async () => {
    const hierarchy = config(`{upstreams: ${servers}, servers: [cp-1], allow: [10.0.0.0/8]}`);
    expect(await refused('-c', hierarchy, '-f', 'talos')).toMatch(
      /^design-impossible: .*cp-1: Talos follows/,
    );
    const { code, printed } = await render('-c', hierarchy, '-f', 'talos', 'w-1');
    expect(code).toBe(0);
    expect(printed).toBe('machine:\n  time:\n    disabled: false\n    servers:\n      - 10.0.0.1\n');
  });

  test('a MachineConfig that would rewrite nodes of its pool that nobody named', async () => {
    const nodes = `[${['m-1', 'm-2', 'm-3']
      .map((name, index) => `{name: ${name}, address: 10.0.0.${index + 1}, role: control-plane}`)
      .join(', ')}, {name: w-1, address: 10.0.0.4}, {name: w-2, address: 10.0.0.5, timesync: {adopt: true}}]`;
    const block = `{upstreams: ${servers}, servers: [m-1, m-2, m-3], allow: [10.0.0.0/8]}`;
    const path = config(block, nodes);
    expect(await refused('-c', path, '-f', 'machine-config', 'm-1')).toMatch(
      /^design-impossible: .*m-1, m-2, m-3: All nodes of the pool `master`/,
    );
    expect(await refused('-c', path, '-f', 'machine-config', 'w-1')).toMatch(
      /^design-impossible: .*w-2: A MachineConfig rewrites every node/,
    );
    expect(output).not.toHaveBeenCalled();
    const { code, printed } = await render(
      '-c',
      config(block, nodes.replace('{adopt: true}', '{}')),
      '-f',
      'machine-config',
      'w-1',
    );
    expect(code).toBe(0);
    expect(printed.match(/^ {2}name: 99-.*$/gm)).toEqual(['  name: 99-worker-clockwarden']);
  });

  test('timesyncd on RHEL, as a plan does', async () => {
    const path = config(`{mode: timesyncd, topology: direct, servers: ${servers}}`);
    expect(await refused('-c', path, '--family', 'rhel')).toMatch(
      /^design-impossible: .*no systemd-timesyncd/,
    );
    expect((await render('-c', path, '--family', 'debian')).code).toBe(0);
  });
});
