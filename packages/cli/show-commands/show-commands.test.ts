import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { designCluster } from '@clockwarden/core/configure';
import { defaultTimesync, type TimesyncConfig } from '@clockwarden/core/policy';
import { runningUnit, testFacts } from '@clockwarden/testkit/configure';
import { testNode, testPolicy } from '@clockwarden/testkit/policy';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { DEFAULT_BATCH, planFrom } from '../plan/make.ts';
import { buildProgram } from '../program.ts';
import { commandsToPlan } from './plan.ts';
import { quoted } from './words.ts';

const folder = mkdtempSync(join(tmpdir(), 'clockwarden-show-'));
const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
afterAll(() => {
  output.mockRestore();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function shown(...words: readonly string[]): Promise<string> {
  output.mockClear();
  const program = await buildProgram('en', new AbortController().signal, () => {});
  await program.parseAsync(['node', 'clockwarden', ...words, '--show-commands']);
  return output.mock.calls.map(([line]) => String(line)).join('');
}

const design = (): string =>
  file(
    'clockwarden.yaml',
    `name: demo
nodes: [{name: cp-1, address: 10.0.0.1, ssh: {user: ops, port: 2222}}]
timesync: {mode: chrony, topology: direct, servers: [192.0.2.1, 192.0.2.2, 192.0.2.3]}
`,
  );

describe('--show-commands', () => {
  test('init: who the nodes are and whether they answer; nothing is written', async () => {
    const hosts = file('hosts', '[kube_master]\n10.0.0.1\n');
    const target = join(folder, 'never.yaml');
    expect(await shown('init', '-i', hosts, '-o', target)).toContain(`ansible-inventory -i ${hosts} --graph`);
    expect(await shown('init', 'cp-1=10.0.0.1', '-o', target)).toContain('ssh 10.0.0.1 timedatectl');
    expect(await shown('init', '--this-machine', '-o', target)).toContain('timedatectl');
    expect(() => readFileSync(target)).toThrow();
  });

  test('lint: each file by the tool that reads it, its name safe in a shell', async () => {
    const chrony = file('my chrony.conf', 'server 192.0.2.1\n');
    const timesyncd = file('timesyncd.conf', '[Time]\n');
    const printed = await shown('lint', chrony, timesyncd, design());
    expect(printed).toContain(`chronyd -p -f '${chrony}'`);
    expect(printed).toContain('systemd-analyze cat-config systemd/timesyncd.conf');
    expect(printed).toContain('check-jsonschema');
    expect(JSON.parse(await shown('lint', chrony, '--json'))).toMatchObject([
      { file: chrony, subject: 'chrony.conf', commands: [{ command: `chronyd -p -f '${chrony}'` }, {}, {}] },
    ]);
  });

  test.each([
    ['debian', '/etc/chrony/chrony.conf', 'chrony'],
    ['rhel', '/etc/chrony.conf', 'chronyd'],
  ])('render: check, copy, restart, on %s', async (family, path, unit) => {
    const printed = await shown('render', '-c', design(), '--family', family, '--out', 'out');
    const commands = printed.split('\n').flatMap((line) => line.split('  # ')[0] ?? []);
    expect(commands.slice(0, 4)).toEqual([
      '# cp-1 (10.0.0.1)',
      `chronyd -p -f out/cp-1${path}`,
      `ssh -p 2222 ops@10.0.0.1 'sudo install -D -m 644 -o root -g root /dev/stdin ${path}' <out/cp-1${path}`,
      `ssh -p 2222 ops@10.0.0.1 'sudo systemctl restart ${unit}'`,
    ]);
  });

  test('serve: measures once, prints what to watch, and ends', async () => {
    const config = file('alone.yaml', 'nodes: [{name: here, address: localhost}]\nsources: {local: {}}\n');
    expect(await shown('serve', '-c', config)).toMatch(/^# here \(localhost\)\nwatch -n 15 /);
  });
});

describe('a plan by hand', () => {
  const timesync: TimesyncConfig = {
    ...defaultTimesync,
    mode: 'chrony',
    topology: 'hierarchy',
    upstreams: ['a.ntp', 'b.ntp', 'c.ntp'],
    allow: ['10.2.0.0/16'],
  };
  const nodes = ['cp-1', 'cp-2', 'cp-3'].map((name, index) =>
    testNode(name, { address: `10.2.0.${index + 1}`, roles: ['control-plane'] }),
  );
  const facts = testFacts({
    packages: {
      chrony: { installed: null, candidate: '4.3' },
      'systemd-timesyncd': { installed: '252', candidate: '252' },
    },
    units: { 'systemd-timesyncd.service': runningUnit },
    files: {
      '/etc/chrony/chrony.conf': { kind: 'absent' },
      '/etc/localtime': { kind: 'link', target: '/usr/share/zoneinfo/Etc/UTC' },
    },
    firewall: { backend: 'ufw', opened: [] },
    runs: { etcd: true, apiserver: true },
  });

  test('reads what it was made from, then does each action with the tools of the node', () => {
    const design = designCluster(testPolicy({ nodes, timezone: 'Asia/Shanghai' }), timesync);
    const plan = planFrom({ design, timesync }, new Map([['cp-1', { ok: true, facts }]]), DEFAULT_BATCH);
    const [first, second] = commandsToPlan(plan);
    const typed = first?.commands.map(({ command }) => command) ?? [];
    expect(typed).toContain('sudo ufw status verbose');
    const done = typed.slice(typed.indexOf('sudo ufw status verbose') + 1);
    expect(done).toContain('sudo apt-get install chrony');
    expect(done).toContain('sudo chronyd -p -f /etc/chrony/chrony.conf');
    expect(done).toContain(
      'sudo install -D -m 644 -o root -g root cp-1/etc/chrony/chrony.conf /etc/chrony/chrony.conf',
    );
    expect(done).toContain('sudo ufw allow proto udp from 10.2.0.0/16 to any port 123');
    expect(done).toContain('sudo ln -sfn /usr/share/zoneinfo/Asia/Shanghai /etc/localtime');
    expect(done.every((command) => !command.includes('\n'))).toBe(true);
    // One that was not reached has nothing to be done by hand yet.
    expect(second?.commands.every(({ command }) => !command.includes('install'))).toBe(true);
  });
});

test('a quoted word is one word, itself', () => {
  for (const word of ['a b', "it's", '$(id)', '`id`', '\\', '*', 'ü', '-n', '']) {
    const echoed = spawnSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' });
    expect(echoed.stdout).toBe(word);
  }
  expect(quoted('/etc/chrony.conf')).toBe('/etc/chrony.conf');
});
