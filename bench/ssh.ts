/**
 * One reading of 50 nodes over ssh, `clockwarden check` as a person runs it, against Ansible's ad-hoc `date` at forks 50 and
 * clush: the same sshd on 127.0.1.1-50, the same keys, the same key exchange, every program started cold. The hosts are
 * this machine too: what they do for an answer takes time from the one who asks.
 *
 *     sudo npx node bench/ssh.ts [--json] [--runs 3] [--hosts 50]
 *
 * Ansible and clush come from Debian packages that are unpacked into the user's cache.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Sshd, startSshd, unpackDebian } from '@clockwarden/testkit/daemons';
import { type RunResult, run } from '@clockwarden/testkit/process';
import { bundleCommand } from './bundle.ts';

interface Contender {
  readonly name: string;
  /** Reads every host once; throws when one was not read. */
  once(): Promise<void>;
}

interface Row {
  readonly keyExchange: string;
  readonly name: string;
  readonly seconds: number;
  /** CPU seconds of the program with its ssh processes, and of the sshd that stands for all hosts. */
  readonly operatorCpu: number;
  readonly hostsCpu: number;
  /** Clockwarden's time / this one's. */
  readonly ratio: number;
  readonly goal: string | null;
  readonly met: boolean | null;
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    hosts: { type: 'string', default: '50' },
  },
});
const hosts = Array.from({ length: Number(options.hosts) }, (_, index) => `127.0.1.${index + 1}`);
const scratch = mkdtempSync(join(tmpdir(), 'clockwarden-bench-ssh-'));

function sshConfig(sshd: Sshd, keyExchange: string | null): string {
  const known = join(scratch, 'known_hosts');
  writeFileSync(known, `[127.0.1.*]:${sshd.port} ${sshd.hostKey}\n`);
  const file = join(scratch, `ssh_config-${keyExchange ?? 'default'}`);
  const lines = [
    'Host 127.0.1.*',
    `  Port ${sshd.port}`,
    '  User root',
    `  IdentityFile ${sshd.identity}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${known}`,
    '  GlobalKnownHostsFile /dev/null',
    ...(keyExchange === null ? [] : [`  KexAlgorithms ${keyExchange}`]),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** Throws unless the program said something of every host. */
function expectAll(name: string, result: RunResult, read: number): void {
  if (read !== hosts.length) {
    throw new Error(`${name} read ${read} of ${hosts.length} hosts:\n${result.stdout}\n${result.stderr}`);
  }
}

async function clockwarden(config: string): Promise<Contender> {
  const bundle = await bundleCommand();
  const file = join(scratch, 'clockwarden.yaml');
  const nodes = hosts.map((address) => `  - { address: ${address}, sources: [ssh] }`);
  writeFileSync(
    file,
    `name: bench\nsources:\n  ssh: { configFile: ${config} }\nnodes:\n${nodes.join('\n')}\n`,
  );
  return {
    name: 'clockwarden check',
    once: async () => {
      const result = await run(process.execPath, [bundle, '--config', file, '--json', 'check']);
      if (result.stdout === '') throw new Error(result.stderr);
      const { nodes: answered } = JSON.parse(result.stdout) as { nodes: { offset: unknown }[] };
      expectAll('clockwarden', result, answered.filter(({ offset }) => offset !== null).length);
    },
  };
}

async function ansible(config: string): Promise<Contender> {
  const { path, env } = await unpackDebian(['ansible-core']);
  const inventory = join(scratch, 'hosts');
  writeFileSync(inventory, `${hosts.join('\n')}\n`);
  const program = path('usr/bin/ansible');
  return {
    name: 'ansible -m command -a date (forks 50)',
    once: async () => {
      const control = mkdtempSync(join(scratch, 'ansible-'));
      const result = await run(
        '/usr/bin/python3',
        [program, 'all', '-i', inventory, '-f', '50', '-m', 'command', '-a', 'date'],
        {
          timeoutMs: 300_000,
          env: {
            ...env,
            HOME: scratch,
            ANSIBLE_LOCAL_TEMP: join(scratch, 'ansible-tmp'),
            ANSIBLE_SSH_CONTROL_PATH_DIR: control,
            ANSIBLE_SSH_COMMON_ARGS: `-F ${config}`,
            // Looking for an interpreter would cost it more.
            ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
            LC_ALL: 'C.UTF-8',
          },
        },
      );
      expectAll(
        'ansible',
        result,
        result.stdout.split('\n').filter((line) => line.includes('| CHANGED |')).length,
      );
      // Its masters would stay for a minute and use the machine of the next run.
      for (const socket of readdirSync(control)) {
        await run('ssh', ['-F', config, '-O', 'exit', '-S', join(control, socket), '127.0.1.1']);
      }
    },
  };
}

async function clush(config: string): Promise<Contender> {
  const { path, env } = await unpackDebian(['clustershell']);
  const program = path('usr/bin/clush');
  return {
    name: 'clush date (fanout 64)',
    once: async () => {
      const args = ['-w', hosts.join(','), '-f', '64', '-o', `-F ${config}`, 'date'];
      const result = await run('/usr/bin/python3', [program, ...args], { env: { ...env, HOME: scratch } });
      expectAll(
        'clush',
        result,
        result.stdout.split('\n').filter((line) => /^127\.0\.1\.\d+: /.test(line)).length,
      );
    },
  };
}

interface Cost {
  readonly seconds: number;
  readonly operatorCpu: number;
  readonly hostsCpu: number;
}

/** CPU seconds of the children that a process has waited for. proc(5): fields 16 and 17, in hundredths of a second. */
function childrenCpu(pid: number | 'self'): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function costOf(contender: Contender, sshdPid: number): Promise<Cost> {
  const [own, hosts] = [childrenCpu('self'), childrenCpu(sshdPid)];
  const started = performance.now();
  await contender.once();
  const seconds = (performance.now() - started) / 1000;
  // The last logins end a moment after their clients.
  await sleep(200);
  return { seconds, operatorCpu: childrenCpu('self') - own, hostsCpu: childrenCpu(sshdPid) - hosts };
}

/** Medians of runs that take turns, so that what else the machine does falls on all alike. */
async function measure(contenders: readonly Contender[], runs: number, sshdPid: number): Promise<Cost[]> {
  const costs: Cost[][] = contenders.map(() => []);
  for (const contender of contenders) await contender.once();
  for (let round = 0; round < runs; round++) {
    for (const [index, contender] of contenders.entries()) {
      costs[index]?.push(await costOf(contender, sshdPid));
    }
  }
  return costs.map((list) => {
    const median = (name: keyof Cost): number =>
      list.map((cost) => cost[name]).sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
    return {
      seconds: median('seconds'),
      operatorCpu: median('operatorCpu'),
      hostsCpu: median('hostsCpu'),
    };
  });
}

/** Largest ratio of Clockwarden's time to the other's. */
const goals: Readonly<Record<string, number>> = { ansible: 1 / 2.5, clush: 1.15 };

async function compare(sshd: Sshd, keyExchange: string | null): Promise<Row[]> {
  const config = sshConfig(sshd, keyExchange);
  const contenders = [await clockwarden(config), await ansible(config), await clush(config)];
  const costs = await measure(contenders, Number(options.runs), sshd.pid);
  const ours = costs[0]?.seconds ?? Number.NaN;
  return contenders.map(({ name }, index) => {
    const own = costs[index] ?? { seconds: Number.NaN, operatorCpu: Number.NaN, hostsCpu: Number.NaN };
    const goal = goals[name.split(' ')[0] ?? ''] ?? null;
    const ratio = ours / own.seconds;
    return {
      keyExchange: keyExchange ?? 'default',
      name,
      ...own,
      ratio,
      goal: goal === null ? null : `≤ ${Number(goal.toFixed(2))}`,
      met: goal === null ? null : ratio <= goal,
    };
  });
}

function print(rows: readonly Row[]): void {
  const cells = rows.map((row) => [
    row.keyExchange,
    row.name,
    `${row.seconds.toFixed(2)} s`,
    `${row.operatorCpu.toFixed(2)} s`,
    `${row.hostsCpu.toFixed(2)} s`,
    row.goal === null ? '' : row.ratio.toFixed(2),
    row.goal ?? '',
    row.met === null ? '' : row.met ? 'met' : 'not met',
  ]);
  const head = [
    'key exchange',
    `${hosts.length} hosts`,
    'median',
    'its CPU',
    'CPU of the hosts',
    'clockwarden / it',
    'goal',
    '',
  ];
  const all = [head, ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of all)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

const sshd = await startSshd({ address: '0.0.0.0' });
try {
  const rows = [...(await compare(sshd, null)), ...(await compare(sshd, 'curve25519-sha256'))];
  const { platform } = process;
  const ssh = (await run('ssh', ['-V'])).stderr.trim();
  const cores = readFileSync('/proc/cpuinfo', 'utf8').match(/^processor/gm)?.length ?? null;
  if (options.json) console.log(JSON.stringify({ hosts: hosts.length, platform, ssh, cores, rows }, null, 2));
  else print(rows);
} finally {
  await sshd.stop();
  rmSync(scratch, { recursive: true, force: true });
}
