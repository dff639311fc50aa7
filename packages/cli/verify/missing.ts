import { gatherFacts, type NodeLogins } from '@clockwarden/adapters/configure';
import { type Action, type ClusterDesign, packagesWanted, planNode } from '@clockwarden/core/configure';
import type { TimesyncConfig } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import { describeAction } from '../plan/describe.ts';
import type { Missing } from './verifier.ts';

/** What `plan` would still do to these nodes. A node whose state cannot be had is left out. */
export async function missingOn(
  names: readonly string[],
  design: ClusterDesign,
  timesync: TimesyncConfig,
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<Missing> {
  const chosen = design.nodes.filter(({ node, adopted }) => names.includes(node.name) && !adopted);
  const missing = new Map<string, readonly Text[]>();
  await gatherFacts(
    chosen.map(({ node }) => node),
    logins,
    signal,
    ({ name }, gathered) => {
      const own = chosen.find(({ node }) => node.name === name);
      if (!gathered.ok || own === undefined) return;
      const { actions, problems } = planNode(own, timesync, gathered.facts);
      const refused = problems.flatMap((problem) => (problem.severity === 'error' ? [problem.text] : []));
      const left = actions.filter(({ action }) => isWriting(action)).map(({ action }) => stillTo(action));
      missing.set(name, [...refused, ...left]);
    },
    packagesWanted(design),
  );
  return missing;
}

/** A daemon that is stopped is not one that is not written. */
function isWriting({ kind }: Action): boolean {
  return kind !== 'set-units' && kind !== 'fetch-packages' && kind !== 'resync';
}

function stillTo(action: Action): Text {
  const words = describeAction(action);
  return text(`Not as designed; left to do: ${words.en}.`, `与方案不符，尚需：${words['zh-CN']}。`);
}
