import { text } from '../../text/index.ts';
import type { DesignProblem, NodeDesign } from '../design.ts';
import { type IgnitionUnit, ignitionFiles, unitsOf } from './ignition.ts';
import type { Format, RenderedNode } from './index.ts';
import { about, missingDaemon, withoutLinuxptp } from './problems.ts';

/**
 * OpenShift's MachineConfig. It belongs to a pool, not to a node. The name begins with 99 so that it wins over the operator's own.
 */
export const machineConfig: Format = {
  family: 'rhel',
  sharedBy: poolOf,
  problems: (nodes, adopted) => [
    ...missingDaemon(nodes),
    ...withoutLinuxptp(nodes),
    ...dividedPools(nodes),
    ...rewrittenByPool(nodes, adopted),
  ],
  document: (node) => {
    const pool = poolOf(node.design);
    return {
      suffix: '.machineconfig.yaml',
      syntax: 'yaml',
      data: {
        apiVersion: 'machineconfiguration.openshift.io/v1',
        kind: 'MachineConfig',
        metadata: {
          name: `99-${pool}-clockwarden`,
          labels: { 'machineconfiguration.openshift.io/role': pool },
        },
        spec: { config: configOf(node) },
      },
    };
  },
};

function poolOf({ node }: NodeDesign): 'master' | 'worker' {
  return node.roles.includes('control-plane') ? 'master' : 'worker';
}

function configOf(node: RenderedNode): unknown {
  return {
    ignition: { version: '3.2.0' },
    storage: { files: ignitionFiles(node) },
    systemd: { units: [...unitsOf(node.design), ...timezoneUnits(node.design)] },
  };
}

/** The operator takes files and units and refuses links (openshift/machine-config-operator#871), /etc/localtime with them. */
function timezoneUnits({ timezone }: NodeDesign): readonly IgnitionUnit[] {
  if (timezone === null) return [];
  return [
    {
      name: 'clockwarden-timezone.service',
      enabled: true,
      contents: [
        '[Unit]',
        'Description=Time zone as clockwarden.yaml has it',
        '',
        '[Service]',
        'Type=oneshot',
        `ExecStart=/usr/bin/timedatectl set-timezone ${timezone}`,
        '',
        '[Install]',
        'WantedBy=multi-user.target',
        '',
      ].join('\n'),
    },
  ];
}

/** The last one applied would hold for every node of the pool. */
function dividedPools(nodes: readonly RenderedNode[]): readonly DesignProblem[] {
  return (['master', 'worker'] as const).flatMap((pool) => {
    const members = nodes.filter(({ design }) => poolOf(design) === pool);
    if (new Set(members.map((node) => JSON.stringify(configOf(node)))).size <= 1) return [];
    const [en, zh] = members.some(({ design }) => design.part === 'server')
      ? [
          'servers name each other, none itself. Say `topology: direct`, or let machines outside of OpenShift serve.',
          '服务端互相列出，却不列出自己。请写 `topology: direct`，或由 OpenShift 之外的机器提供时间。',
        ]
      : [
          'the nodes of the pool differ. Give them the same settings.',
          '池中各节点的设置不一致。请为它们使用相同的设置。',
        ];
    return about(members, () => true, {
      severity: 'error',
      text: text(
        `All nodes of the pool \`${pool}\` get one MachineConfig, and these are to have different files: ${en}`,
        `池 \`${pool}\` 的所有节点共用一个 MachineConfig，而这些节点的文件各不相同：${zh}`,
      ),
    });
  });
}

function rewrittenByPool(
  nodes: readonly RenderedNode[],
  adopted: readonly RenderedNode[],
): readonly DesignProblem[] {
  const pools = new Set(nodes.map(({ design }) => poolOf(design)));
  return about(adopted, ({ design }) => pools.has(poolOf(design)), {
    severity: 'error',
    text: text(
      'A MachineConfig rewrites every node of its pool, and `adopt: true` forbids to rewrite this one: adopt all nodes of the pool, or none.',
      'MachineConfig 会改写池中的每个节点，而 `adopt: true` 不允许改写该节点：请接管池中的所有节点，或一个也不接管。',
    ),
  });
}
