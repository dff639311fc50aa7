/** The state of many nodes gathered by `clockwarden plan`, against as many bare logins that do nothing. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSources } from '@clockwarden/core/policy';
import { bundleCommand } from '../bundle.ts';
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
    timesync: { mode: 'chrony', topology: 'direct', upstreams: upstreams },
  };
  writeFileSync(file, JSON.stringify(config));
  const options = { env: { HOME: directory }, timeoutMs: 600_000 };
  const command = [process.execPath, await bundleCommand(), '--config', file, '--json', 'plan'];
  const plan = await meter.run(command, options);
  // Each node has something to change: none was unreachable.
  const planned = (plan.result.stdout.match(/"configure-daemon"/g) ?? []).length;
  if (planned < addresses.length)
    throw new Error(`${planned} of ${addresses.length} planned\n${plan.result.stderr}`);
  const list = join(directory, 'addresses');
  writeFileSync(list, `${addresses.join('\n')}\n`);
  const one = ['ssh', '-F', sshConfig, '{}', 'true'];
  const bare = await meter.run(['xargs', '-a', list, '-P', String(parallelism), '-I', '{}', ...one], options);
  if (bare.result.code !== 0) throw new Error(`ssh true: ${bare.result.stderr}`);
  return { addresses: addresses.length, plan: plan.cost, bare: bare.cost };
}
