import type { Text } from '@clockwarden/core/text';
import { text } from '@clockwarden/core/text';
import type { CliContext } from '../terminal/index.ts';

export interface RefusedNode {
  readonly node: string;
  readonly code: string;
  readonly text: Text;
  readonly hint: Text;
}

/** Nothing is begun on any node: says why, node by node, and what to do. Returns the exit code. */
export function refuse(context: CliContext, refused: readonly RefusedNode[]): number {
  const { color, t } = context;
  const code = refused.every((one) => one.code === 'unreachable') ? 3 : 1;
  if (context.json) {
    const nodes = refused.map((one) => ({ ...one, text: t(one.text), hint: t(one.hint) }));
    context.print(JSON.stringify({ event: 'refused', at: new Date().toISOString(), nodes }));
    return code;
  }
  const title = text('Nothing was changed on any node:', '没有改动任何节点：');
  context.print(`${color.red('✖')} ${color.bold(t(title))}`);
  for (const { node, text: words, hint } of refused) {
    context.print(`  ${color.bold(node)}: ${t(words)}`);
    context.print(`    ${color.dim('→')} ${t(hint)}`);
  }
  return code;
}
