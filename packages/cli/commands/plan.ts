import { loadPolicy } from '@clockwarden/adapters/config';
import { type GatheredFacts, gatherFacts } from '@clockwarden/adapters/configure';
import { type NodePlan, planNode, wavesOf } from '@clockwarden/core/configure';
import { type ClusterPolicy, defaultSources } from '@clockwarden/core/policy';
import { text } from '@clockwarden/core/text';
import { planDocument } from '../plan/document.ts';
import { planLines } from '../plan/report.ts';
import { writePlan } from '../plan/write.ts';
import { designOrThrow } from '../render/design.ts';
import { type CliContext, policyOptions, progressOn } from '../terminal/index.ts';
import type { RegisterCommand } from './registry.ts';

interface PlanOptions {
  readonly out?: string;
}

export const registerPlan: RegisterCommand = (program, { run, t }) => {
  program
    .command('plan')
    .description(
      t(
        text(
          'show what would have to change on each node for the wanted time; changes nothing',
          '显示为达到期望的时间配置，各节点需要改动什么；不作任何改动',
        ),
      ),
    )
    .option('-o, --out <file>', t(text('also write the plan there, as JSON', '同时将计划以 JSON 写入该文件')))
    .addHelpText(
      'after',
      `\n${t(
        text(
          'Exit codes: 0 nothing to change, 1 something to change, 2 a node cannot be planned or reached.',
          '退出码：0 无需改动，1 需要改动，2 有节点无法制定计划或无法到达。',
        ),
      )}

${t(text('Examples', '示例'))}:
  clockwarden plan
  clockwarden plan -i hosts --json | jq '.nodes[] | {name, actions: (.actions | length)}'
  clockwarden plan --out plan.json`,
    )
    .action(
      run(async (context, options: PlanOptions) => {
        const policy = loadPolicy(policyOptions(context));
        const { design, timesync } = designOrThrow(policy);
        const gathered = await gather(context, policy);
        if (context.signal.aborted) return 130;
        const plans = design.nodes.map((node): PlannedNode => {
          const found = gathered.get(node.node.name);
          return found?.ok === true
            ? {
                name: node.node.name,
                plan: planNode(node, timesync, found.facts),
                facts: found.facts,
                failure: null,
              }
            : { name: node.node.name, plan: null, facts: null, failure: found?.failure ?? null };
        });
        const order = wavesOf(
          design.nodes.filter((node) => hasChanges(plans, node.node.name)),
          0.25,
        );
        const document = planDocument(policy, design, plans, order, context.language);
        if (options.out !== undefined) writePlan(options.out, document);
        if (context.json) context.print(JSON.stringify(document, null, 2));
        else for (const line of planLines(context, design, plans, order)) context.print(line);
        return exitCodeOf(plans);
      }),
    );
};

/** A node with its plan, or with why there is none. */
export interface PlannedNode {
  readonly name: string;
  readonly plan: NodePlan | null;
  readonly facts: Extract<GatheredFacts, { ok: true }>['facts'] | null;
  readonly failure: Extract<GatheredFacts, { ok: false }>['failure'] | null;
}

function hasChanges(plans: readonly PlannedNode[], name: string): boolean {
  return plans.some((planned) => planned.name === name && (planned.plan?.actions.length ?? 0) > 0);
}

async function gather(
  context: CliContext,
  policy: ClusterPolicy,
): Promise<ReadonlyMap<string, GatheredFacts>> {
  const gathered = new Map<string, GatheredFacts>();
  const progress = progressOn(context, () =>
    context.t(
      text(
        `${gathered.size} of ${policy.nodes.length} nodes have told their state …`,
        `${policy.nodes.length} 个节点中已有 ${gathered.size} 个报告了状态 …`,
      ),
    ),
  );
  try {
    await gatherFacts(
      policy.nodes,
      policy.sources.ssh ?? defaultSources.ssh,
      context.signal,
      (node, facts) => {
        gathered.set(node.name, facts);
      },
    );
  } finally {
    progress.end();
  }
  return gathered;
}

function exitCodeOf(plans: readonly PlannedNode[]): number {
  const blocked = plans.some(
    ({ plan }) => plan === null || plan.problems.some(({ severity }) => severity === 'error'),
  );
  if (blocked) return 2;
  return plans.some(({ name }) => hasChanges(plans, name)) ? 1 : 0;
}
