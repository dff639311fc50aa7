/**
 * 50 hosts configured by Clockwarden and by an Ansible playbook with the same result (forks 50, pipelining), at OpenSSH's
 * default key exchange and at curve25519; then once more with nothing left to do; then the facts of 500 addresses against
 * 500 times `ssh true`.
 *
 *     sudo npx node bench/configure.ts [--json] [--runs 1] [--hosts 50] [--addresses 500] [--topology hierarchy|direct]
 *
 * It runs in mount, PID and network namespaces of its own; configure/hosts.ts says what a host is. Ansible comes from a
 * Debian package that is unpacked into the user's cache.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Chronyd, startChronyd, unpackDebian } from '@clockwarden/testkit/daemons';
import { needRoot, run, runOrThrow } from '@clockwarden/testkit/process';
import {
  ansible,
  clockwarden,
  programPackages,
  serversAmong,
  type Task,
  upstreams,
} from './configure/contenders.ts';
import { factsRound } from './configure/facts.ts';
import { Hosts, hostPackages } from './configure/hosts.ts';
import { type Cost, Meter } from './configure/measure.ts';
import { comparisons, type Pair, printTable, type Round, rounds } from './configure/table.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '1' },
    hosts: { type: 'string', default: '50' },
    addresses: { type: 'string', default: '500' },
    topology: { type: 'string', default: 'hierarchy' },
    /** Set by this program for itself, in the namespaces: the directory that is its own. */
    inside: { type: 'string' },
  },
});
const topology: Task['topology'] = options.topology === 'direct' ? 'direct' : 'hierarchy';
const keyExchanges = ['default', 'curve25519-sha256'] as const;

process.exitCode = options.inside === undefined ? await outside() : await inside(options.inside);

/** Everything of it ends with its first process, mounts included, however that ends. */
async function outside(): Promise<number> {
  needRoot('bench/configure.ts');
  // Inside there is no network.
  for (const name of [...hostPackages, ...programPackages, 'openssh-server']) await unpackDebian([name]);
  const scratch = mkdtempSync(join(tmpdir(), 'clockwarden-bench-configure-'));
  try {
    const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const again = [process.execPath, import.meta.filename, ...process.argv.slice(2), '--inside', scratch];
    const child = spawn(
      'setpriv',
      // No clock can be set in there.
      [
        ...['--pdeathsig', 'KILL', '--bounding-set', '-sys_time', '--', 'unshare', ...namespaces, '--'],
        ...['sh', '-c', 'ip link set lo up && "$@"; exit $?', 'sh', ...again],
      ],
      { stdio: 'inherit' },
    );
    return await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function inside(scratch: string): Promise<number> {
  const addresses = Array.from({ length: Number(options.hosts) }, (_, index) => `127.0.1.${index + 1}`);
  await runOrThrow('mount', ['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', scratch]);
  const meter = await Meter.in(scratch);
  const hosts = await Hosts.in(scratch, addresses, manyAddresses(Number(options.addresses)));
  const timeServers = await startTimeServers([...upstreams, ...serversAmong(addresses, topology)]);
  try {
    const pairs: Pair[] = [];
    const facts: Round[] = [];
    for (const keyExchange of keyExchanges) {
      const sshConfig = hosts.sshConfig(scratch, keyExchange);
      pairs.push(...(await compare(hosts, meter, { scratch, addresses, topology, sshConfig }, keyExchange)));
      if (Number(options.addresses) === 0) continue;
      await hosts.renew();
      facts.push({ keyExchange, ...(await factsRound(meter, scratch, hosts.aliases, sshConfig)) });
    }
    const rows = [...comparisons(pairs), ...rounds(facts)];
    const ssh = (await run('ssh', ['-V'])).stderr.trim();
    if (options.json)
      console.log(
        JSON.stringify({ hosts: addresses.length, topology, ssh, cores: cpus().length, pairs, facts, rows }),
      );
    else printTable(`${addresses.length} hosts, ${topology}; ${ssh.split(',')[0]}`, rows);
    return 0;
  } finally {
    await Promise.all([hosts.stop(), ...timeServers.map((server) => server.stop())]);
  }
}

/** 127.0.2.1 and up. */
function manyAddresses(count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `127.0.${2 + Math.floor(index / 250)}.${1 + (index % 250)}`,
  );
}

/** Real daemons for what is asked over NTP: the upstreams, and the servers of the cluster. */
async function startTimeServers(addresses: readonly string[]): Promise<readonly Chronyd[]> {
  const started: Chronyd[] = [];
  for (const address of addresses) {
    if (!address.startsWith('127.')) await runOrThrow('ip', ['address', 'add', `${address}/24`, 'dev', 'lo']);
    started.push(await startChronyd({ address, port: 123, config: ['local stratum 2', 'allow'] }));
  }
  return started;
}

async function compare(hosts: Hosts, meter: Meter, task: Task, keyExchange: string): Promise<Pair[]> {
  const contenders = [await clockwarden(task), await ansible(task)];
  const costs = contenders.map(() => ({ first: [] as Cost[], unchanged: [] as Cost[] }));
  const results: string[] = [];
  // They take turns, so that what else the machine does falls on both alike. One more round is for the memory, which hardly
  // depends on the key exchange.
  const timed = Number(options.runs);
  for (let round = 0; round < timed + (keyExchange === 'default' ? 1 : 0); round += 1) {
    const memory = round === timed;
    for (const [index, contender] of contenders.entries()) {
      await hosts.renew();
      for (const kind of ['first', 'unchanged'] as const) {
        const { result, cost } = await meter.run(contender.command, { ...contender.options(), memory });
        contender.expect(result, kind === 'first');
        // It takes minutes; what is on stderr is for who waits.
        console.error(contender.name, keyExchange, kind, JSON.stringify(cost));
        costs[index]?.[kind].push(cost);
      }
      results.push(hosts.addresses.map((address) => directives(hosts, address)).join('\n\n'));
    }
  }
  if (new Set(results).size !== 1)
    throw new Error(`The two did not do the same:\n${results.slice(0, 2).join('\n====\n')}`);
  return (['first', 'unchanged'] as const).map((kind) => ({
    keyExchange,
    kind,
    clockwarden: typical(costs[0]?.[kind] ?? []),
    ansible: typical(costs[1]?.[kind] ?? []),
  }));
}

/** What chronyd reads of its configuration: no comments, no empty lines. */
function directives(hosts: Hosts, address: string): string {
  return hosts
    .read(address, '/etc/chrony/chrony.conf')
    .split('\n')
    .filter((line) => /^[^#\s]/.test(line))
    .join('\n');
}

/** Medians of the timed runs; the memory of the one in which it was looked at. */
function typical(costs: readonly Cost[]): Cost {
  const timed = costs.filter(({ peakBytes }) => peakBytes === null);
  return {
    seconds: median(timed.map(({ seconds }) => seconds)),
    cpuSeconds: median(timed.map(({ cpuSeconds }) => cpuSeconds)),
    hostsCpuSeconds: median(timed.map(({ hostsCpuSeconds }) => hostsCpuSeconds)),
    peakBytes: costs.find(({ peakBytes }) => peakBytes !== null)?.peakBytes ?? null,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
