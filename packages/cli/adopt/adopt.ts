/** `clockwarden adopt`: a healthy setup that somebody made by hand stays as it is, watched and never rewritten. */
import { adoptInConfig, loadPolicy } from '@clockwarden/adapters/config';
import { openLogins } from '@clockwarden/adapters/configure';
import { defaultSources } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import { askYesOrNo } from '../apply/ask.ts';
import { mendingDiff, replaceFile } from '../lint/mend.ts';
import { nodeFiles } from '../lint/node-files.ts';
import { designOrThrow } from '../render/design.ts';
import { type CliContext, policyOptions, progressOn } from '../terminal/index.ts';
import { chosenNodes } from '../verify/chosen.ts';
import { Verifier } from '../verify/index.ts';
import { asAdopted, type Examined, examine } from './health.ts';

/** Returns the exit code: 0 written (or there already), 1 not agreed to, 2 a node is not healthy, 3 one was not reached. */
export async function adopt(
  context: CliContext,
  wanted: readonly string[],
  options: { readonly yes: boolean },
): Promise<number> {
  const examined = await examineAll(context, wanted);
  if (context.signal.aborted) return 130;
  const bad = examined.filter(({ objections }) => objections.length > 0);
  if (bad.length > 0) {
    tell(context, { examined, path: null, diff: '', written: false }, refusalLines(context, bad));
    return bad.every(({ reached }) => !reached) ? 3 : 2;
  }
  const { path, before, after } = adoptInConfig(
    policyOptions(context),
    examined.map(({ name }) => name),
  );
  const diff = before === after ? '' : mendingDiff(path, before, after).trimEnd();
  if (diff !== '' && !options.yes) {
    if (!context.json) context.print(diff);
    const answer = await askYesOrNo(context, text(`Write this to ${path}?`, `写入 ${path}？`), '--yes');
    if (answer === null) return 130;
    if (!answer) return 1;
  }
  if (diff !== '') replaceFile(path, after);
  const shown = diff === '' || !options.yes ? [] : [diff];
  const names = examined.map(({ name }) => name);
  const done = text(
    `Adopted: ${names.join(', ')}. \`plan\` leaves them alone; \`check\` and \`verify\` go on judging them.`,
    `已接管监测：${names.join('、')}。\`plan\` 不再改动它们；\`check\` 和 \`verify\` 仍会判定它们。`,
  );
  tell(context, { examined, path, diff, written: diff !== '' }, [...shown, context.t(done)]);
  return 0;
}

async function examineAll(context: CliContext, wanted: readonly string[]): Promise<readonly Examined[]> {
  const policy = loadPolicy(policyOptions(context));
  const { design, timesync } = designOrThrow(policy);
  const names = chosenNodes(design, wanted);
  const logins = openLogins(policy.sources.ssh ?? defaultSources.ssh);
  const verifier = new Verifier({ policy, design: asAdopted(design, names), timesync, logins });
  const progress = progressOn(context, () =>
    context.t(text(`Examining ${names.length} nodes …`, `正在检查 ${names.length} 个节点 …`)),
  );
  try {
    const outcomes = await verifier.outcomes(names, new Map(), context.signal);
    const reached = outcomes.filter(({ grade }) => grade !== 'unreached').map(({ node }) => node);
    const files = reached.length === 0 ? [] : await nodeFiles(reached, context);
    return outcomes.map((outcome) => examine(outcome, files));
  } finally {
    progress.end();
    await verifier.close();
    await logins.close();
  }
}

function refusalLines({ color, t }: CliContext, bad: readonly Examined[]): readonly string[] {
  const title = text(
    'Nothing was written; these nodes are not healthy:',
    '没有写入任何内容，以下节点不健康：',
  );
  const hint: Text = text(
    'Mend them, or let `plan` bring them under one description.',
    '请先修复，或用 `plan` 将其纳入统一配置。',
  );
  return [
    `${color.red('✖')} ${color.bold(t(title))}`,
    ...bad.flatMap(({ name, objections }) =>
      objections.map((objection) => `  ${color.bold(name)}: ${t(objection)}`),
    ),
    `  ${color.dim('→')} ${t(hint)}`,
  ];
}

interface Told {
  readonly examined: readonly Examined[];
  readonly path: string | null;
  readonly diff: string;
  readonly written: boolean;
}

function tell(context: CliContext, { examined, ...told }: Told, lines: readonly string[]): void {
  if (!context.json) {
    for (const line of lines) context.print(line);
    return;
  }
  const nodes = examined.map(({ name, reached, objections }) => ({
    name,
    reached,
    healthy: objections.length === 0,
    objections: objections.map((objection) => context.t(objection)),
  }));
  context.print(JSON.stringify({ schema: 'clockwarden.adopt/1', ...told, nodes }, null, 2));
}
