/** The state of many nodes gathered, and planned with, against as many bare logins that do nothing. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSources } from '@clockwarden/core/policy';
import type { RunResult } from '@clockwarden/testkit/process';
import { bundleCommand, bundleProgram } from '../bundle.ts';
import { upstreams } from './contenders.ts';
import type { Meter } from './measure.ts';
import type { Round } from './table.ts';

/** Logins at once: Clockwarden's own default. */
const parallelism = defaultSources.ssh.concurrency;

export async function factsRound(
  meter: Meter,
  scratch: string,
  addresses: readonly string[],
  sshConfig: string,
): Promise<Omit<Round, 'keyExchange'>> {
  const directory = mkdtempSync(join(scratch, 'facts-'));
  const file = join(directory, 'clockwarden.yaml');
  const config = {
    name: 'bench',
    sources: { ssh: { configFile: sshConfig } },
    nodes: addresses.map((address) => ({ address })),
    timesync: { mode: 'chrony', topology: 'direct', upstreams },
  };
  writeFileSync(file, JSON.stringify(config));
  const options = { env: { HOME: directory }, timeoutMs: 600_000 };
  const program = await bundleProgram('gather', 'bench/configure-gather.ts');
  const gather = await meter.run([process.execPath, program, file], options);
  expectAll('gatherFacts', Number(gather.result.stdout), gather.result, addresses);
  const command = [process.execPath, await bundleCommand(), '--config', file, '--json', 'plan'];
  const plan = await meter.run(command, options);
  const { nodes } = JSON.parse(plan.result.stdout) as { nodes: { actions: readonly unknown[] | null }[] };
  const changing = nodes.filter(({ actions }) => (actions?.length ?? 0) > 0);
  expectAll('clockwarden plan', changing.length, plan.result, addresses);
  const list = join(directory, 'addresses');
  writeFileSync(list, `${addresses.join('\n')}\n`);
  const one = ['ssh', '-F', sshConfig, '{}', 'true'];
  const bare = await meter.run(['xargs', '-a', list, '-P', String(parallelism), '-I', '{}', ...one], options);
  if (bare.result.code !== 0) throw new Error(`ssh true: ${bare.result.stderr}`);
  return { addresses: addresses.length, gather: gather.cost, plan: plan.cost, bare: bare.cost };
}

function expectAll(what: string, count: number, { stderr }: RunResult, addresses: readonly string[]): void {
  if (count !== addresses.length) throw new Error(`${what}: ${count} of ${addresses.length}\n${stderr}`);
}
