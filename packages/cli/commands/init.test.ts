import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfig, loadPolicy } from '@clockwarden/adapters/config';
import { designCluster } from '@clockwarden/core/configure';
import { presetNames, presets } from '@clockwarden/core/policy';
import { languages } from '@clockwarden/core/text';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { composeConfig, type NodesFrom } from '../init/compose.ts';
import { buildProgram } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-init-'));
const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

afterAll(() => {
  output.mockRestore();
  rmSync(folder, { recursive: true, force: true });
});

async function init(...words: readonly string[]): Promise<string> {
  output.mockClear();
  const program = await buildProgram('en', new AbortController().signal, () => {});
  await program.parseAsync(['node', 'clockwarden', 'init', ...words]);
  return output.mock.calls.map(([line]) => String(line)).join('');
}

describe('clockwarden init', () => {
  it('writes a file for this machine that can be read back', async () => {
    const file = join(folder, 'alone.yaml');
    expect(await init('--this-machine', '-o', file)).toContain('clockwarden check');
    expect(loadPolicy({ cwd: folder, configPath: file }).nodes[0]).toMatchObject({ sources: ['local'] });
  });

  it('takes addresses and names', async () => {
    const file = join(folder, 'some.yaml');
    await init('cp-1=10.0.0.1', '10.0.0.2', '-o', file);
    expect(loadPolicy({ cwd: folder, configPath: file }).nodes.map((node) => node.name)).toEqual([
      'cp-1',
      '10.0.0.2',
    ]);
  });

  it('refers to an inventory, by a relative path when it lies below', async () => {
    writeFileSync(join(folder, 'hosts'), '[kube_master]\n10.0.0.1\n');
    const file = join(folder, 'listed.yaml');
    await init('-i', join(folder, 'hosts'), '-o', file);
    expect(readFileSync(file, 'utf8')).toContain('inventory: hosts\n');
    expect(loadPolicy({ cwd: '/', configPath: file }).nodes[0]?.roles).toEqual(['control-plane']);
  });

  it('replaces a file only with --force', async () => {
    const file = join(folder, 'kept.yaml');
    writeFileSync(file, 'name: kept\n');
    await expect(init('-o', file)).rejects.toMatchObject({ code: 'file-exists' });
    expect(readFileSync(file, 'utf8')).toBe('name: kept\n');
    await init('-o', file, '--force');
    expect(readFileSync(file, 'utf8')).toContain('nodes:');
  });

  it('takes a preset, with the networks of the nodes for a person to check', async () => {
    const file = join(folder, 'preset.yaml');
    await init('cp-1=10.0.0.1', '10.0.0.2', '10.0.7.3', '--preset', 'public-cn', '-o', file);
    const policy = loadPolicy({ cwd: folder, configPath: file });
    expect(policy).toMatchObject({
      timezone: 'Asia/Shanghai',
      timesync: { upstreams: presets['public-cn'].timesync.upstreams, allow: ['10.0.0.0/24', '10.0.7.0/24'] },
    });
    writeFileSync(join(folder, 'hosts'), '[kube_master]\nn1 ansible_host=10.3.0.1\n');
    await init('-i', join(folder, 'hosts'), '--preset', 'island', '-o', file, '--force');
    expect(loadPolicy({ cwd: folder, configPath: file }).timesync).toMatchObject({
      topology: 'island',
      allow: ['10.3.0.0/24'],
    });
  });

  it.each(presetNames)(
    'takes the preset %s for one machine and for names without addresses',
    async (preset) => {
      const file = join(folder, 'preset.yaml');
      for (const nodes of [['--this-machine'], ['node-a', 'node-b']]) {
        await init(...nodes, '--preset', preset, '-o', file, '--force');
        const policy = loadPolicy({ cwd: folder, configPath: file });
        if (policy.timesync === undefined) throw new Error('there is a block');
        const errors = designCluster(policy, policy.timesync).problems.filter(
          ({ severity }) => severity === 'error',
        );
        // Names tell no network: a person must.
        const wanted = nodes[0] === '--this-machine' ? [] : [expect.stringContaining('`allow`')];
        expect(errors.map(({ text }) => text.en)).toEqual(wanted);
      }
    },
  );

  it('prints without writing', async () => {
    expect(await init('--print', '10.0.0.1')).toContain('- 10.0.0.1\n');
  });

  it('refuses what cannot be', async () => {
    const file = join(folder, 'never.yaml');
    await expect(init('a', '--this-machine')).rejects.toMatchObject({ code: 'usage' });
    await expect(init('a', 'b=c d', '-o', file)).rejects.toMatchObject({ code: 'usage' });
    await expect(init('a', 'a', '-o', file)).rejects.toMatchObject({ code: 'usage' });
    await expect(init('-i', join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'inventory-not-found' });
    await expect(init('-o', join(folder, 'no', 'where.yaml'))).rejects.toMatchObject({
      code: 'cannot-write',
    });
  });
});

describe('the text of a new file', () => {
  const ways: readonly NodesFrom[] = [
    { kind: 'this-machine', name: 'node: "quoted"' },
    { kind: 'addresses', addresses: ['10.0.0.1', 'v6=2001:db8::1'] },
    { kind: 'inventory', path: 'hosts', nodes: ['a', 'b', 'c', 'd', 'e', 'f'] },
  ];

  it.each(languages)('is valid in %s, its examples included', (language) => {
    for (const from of ways.slice(1)) {
      const content = composeConfig(from, 'demo', language);
      checkConfig(content, 'clockwarden.yaml');
      // An example: a key, or the list or map below one.
      const examples = content.replace(/^#(?: (?=[a-z]+: ?[[{\w]|[a-z]+:$| {2}\w)|(?= {2}- ))/gm, '');
      expect(examples).not.toBe(content);
      checkConfig(examples, 'clockwarden.yaml');
      for (const preset of presetNames) {
        const wanted = { preset, allow: ['10.0.0.0/24'], isAlone: false };
        checkConfig(composeConfig(from, 'demo', language, wanted), 'clockwarden.yaml');
      }
    }
  });

  it('quotes what YAML would take for something else', () => {
    const [first] = ways;
    if (first === undefined) throw new Error('no way');
    expect(composeConfig(first, 'true', 'en')).toContain('name: "true"');
  });
});
