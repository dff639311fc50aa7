import pc from 'picocolors';
import { accessFiles } from '../cluster/inventory.ts';
import type { LabState } from '../cluster/state.ts';
import { NodeSilent, runOnNode } from '../node/agent.ts';
import { processesOfNode } from '../node/power.ts';
import { callServices } from '../services/control.ts';

type Life = 'running' | 'silent' | 'off';

export async function printStatus(state: LabState, json: boolean): Promise<void> {
  const nodes = await Promise.all(
    state.nodes.map(async (node) => ({ ...node, life: await lifeOf(state, node) })),
  );
  const services = await callServices(state.name, { ask: 'status' }).catch(() => null);
  const files = accessFiles(state.name);
  if (json) {
    const { name, upstreams, faults } = state;
    process.stdout.write(`${JSON.stringify({ name, nodes, upstreams, services, faults, files }, null, 2)}\n`);
    return;
  }
  const paint: Record<Life, (text: string) => string> = { running: pc.green, silent: pc.yellow, off: pc.red };
  const lines = nodes.map((node) =>
    [
      node.name.padEnd(8),
      node.address.padEnd(12),
      node.role.padEnd(14),
      node.flavour.padEnd(15),
      node.timezone.padEnd(16),
      paint[node.life](node.life),
    ].join(' '),
  );
  lines.push(`services ${services ? pc.green('running') : pc.red('gone')}`);
  for (const fault of state.faults) lines.push(`fault ${fault.id}: ${fault.fault} on ${fault.target}`);
  lines.push(`inventory ${files.inventory}`, `ssh_config ${files.sshConfig}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function lifeOf(state: LabState, node: { name: string; wire: string }): Promise<Life> {
  if ((await processesOfNode(state.name, node.name)).length === 0) return 'off';
  try {
    await runOnNode(node.wire, 'true', { timeoutMs: 5000 });
    return 'running';
  } catch (error) {
    if (error instanceof NodeSilent) return 'silent';
    throw error;
  }
}
