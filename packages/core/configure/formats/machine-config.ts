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
  problems: (nodes) => [...missingDaemon(nodes), ...withoutLinuxptp(nodes), ...dividedPools(nodes)],
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
    return about(members, () => true, {
      severity: 'error',
      text: text(
        `All nodes of the pool \`${pool}\` get one MachineConfig, and these are to have different files: servers name each other, none itself. Say \`topology: direct\`, or let machines outside of OpenShift serve.`,
        `池 \`${pool}\` 的所有节点共用一个 MachineConfig，而这些节点的文件各不相同：服务端互相列出，却不列出自己。请写 \`topology: direct\`，或由 OpenShift 之外的机器提供时间。`,
      ),
    });
  });
}
