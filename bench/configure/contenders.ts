/** Clockwarden and Ansible, told to bring the same hosts to the same state over the same ssh. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebian } from '@clockwarden/testkit/daemons';
import type { RunOptions, RunResult } from '@clockwarden/testkit/process';
import { bundleCommand } from '../bundle.ts';

interface Contender {
  readonly name: 'clockwarden' | 'ansible';
  readonly command: readonly string[];
  /** For each run anew: no connection of the one before may be found. */
  options(): RunOptions;
  /** Throws unless every host is as it should be now, and was changed or not as expected. */
  expect(result: RunResult, changed: boolean): void;
}

export interface Task {
  readonly scratch: string;
  readonly addresses: readonly string[];
  /** Outside servers of all hosts (direct), or of the first three, which serve the others (hierarchy). */
  readonly topology: 'direct' | 'hierarchy';
  readonly sshConfig: string;
}

/** Outside of the cluster: real chronyds of the benchmark answer there. */
export const upstreams = ['10.9.0.17', '10.9.0.18', '10.9.0.19'];
const network = '127.0.0.0/8';

/** Hosts that serve the others. */
export function serversAmong(addresses: readonly string[], topology: Task['topology']): readonly string[] {
  return topology === 'direct' ? [] : addresses.slice(0, 3);
}

export const programPackages = ['ansible-core'] as const;

export async function clockwarden({ scratch, addresses, topology, sshConfig }: Task): Promise<Contender> {
  const directory = mkdtempSync(join(scratch, 'clockwarden-'));
  const file = join(directory, 'clockwarden.yaml');
  const servers = serversAmong(addresses, topology);
  const timesync = {
    mode: 'chrony',
    topology,
    upstreams,
    servers,
    allow: topology === 'direct' ? [] : [network],
  };
  // YAML 1.2 takes JSON as it is.
  const config = {
    name: 'bench',
    sources: { ssh: { configFile: sshConfig }, ntp: {} },
    nodes: addresses.map((address) => ({ address })),
    timesync,
  };
  writeFileSync(file, JSON.stringify(config));
  const bundle = await bundleCommand();
  return {
    name: 'clockwarden',
    command: [process.execPath, bundle, '--config', file, 'apply', '--yes', '--batch', '100%'],
    options: () => ({ cwd: directory, env: { HOME: directory }, timeoutMs: 600_000 }),
    expect: (result) => {
      if (result.code !== 0) throw new Error(`clockwarden apply: ${result.stdout}\n${result.stderr}`);
    },
  };
}

export async function ansible({ scratch, addresses, topology, sshConfig }: Task): Promise<Contender> {
  const { path, env } = await unpackDebian(programPackages);
  const directory = mkdtempSync(join(scratch, 'ansible-'));
  const inventory = join(directory, 'hosts.json');
  const servers = serversAmong(addresses, topology);
  const vars = { upstreams, servers, network, followed: [...upstreams, ...servers] };
  const hosts = Object.fromEntries(addresses.map((address) => [address, {}]));
  writeFileSync(inventory, JSON.stringify({ all: { hosts, vars } }));
  return {
    name: 'ansible',
    command: [
      '/usr/bin/python3',
      path('usr/bin/ansible-playbook'),
      '--inventory',
      inventory,
      join(import.meta.dirname, 'ansible/site.yml'),
    ],
    options: () => {
      const own = mkdtempSync(join(directory, 'run-'));
      mkdirSync(join(own, 'cp'));
      return {
        cwd: own,
        timeoutMs: 900_000,
        env: {
          ...env,
          HOME: own,
          LC_ALL: 'C.UTF-8',
          ANSIBLE_FORKS: '50',
          ANSIBLE_PIPELINING: 'True',
          ANSIBLE_SSH_CONTROL_PATH_DIR: join(own, 'cp'),
          ANSIBLE_SSH_COMMON_ARGS: `-F ${sshConfig}`,
          // Looking for an interpreter would cost it more.
          ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
          ANSIBLE_NOCOWS: '1',
        },
      };
    },
    expect: (result, changed) => {
      const recap = [
        ...result.stdout.matchAll(/^\S+\s+: ok=\d+\s+changed=(\d+)\s+unreachable=0\s+failed=0 /gm),
      ];
      const right = recap.filter(([, count]) => Number(count) > 0 === changed).length;
      if (result.code !== 0 || right !== addresses.length)
        throw new Error(
          `ansible-playbook: ${right} of ${addresses.length} as expected\n${result.stdout}\n${result.stderr}`,
        );
    },
  };
}
