import { ignitionConfig } from './ignition.ts';
import type { Format } from './index.ts';

/**
 * OpenShift's MachineConfig. It belongs to a pool, not to a node: give it to a pool whose nodes have the same design,
 * or make a pool for the servers. The name begins with 99 so that it wins over the operator's own.
 */
export const machineConfig: Format = (design, files) => {
  const pool = design.node.roles.includes('control-plane') ? 'master' : 'worker';
  return {
    suffix: '.machineconfig.yaml',
    syntax: 'yaml',
    data: {
      apiVersion: 'machineconfiguration.openshift.io/v1',
      kind: 'MachineConfig',
      metadata: {
        name: `99-${pool}-clockwarden-${design.part}`,
        labels: { 'machineconfiguration.openshift.io/role': pool },
      },
      spec: { config: ignitionConfig(design, files) },
    },
  };
};
