import type { NodeRole } from './node.ts';

/** Group names of kubeasz, kubespray, k3s-ansible, rke2 roles and kubeadm playbooks; hyphens and underscores are one. */
const groupRoles: Readonly<Record<string, NodeRole>> = {
  etcd: 'etcd',
  kube_master: 'control-plane',
  kube_masters: 'control-plane',
  kube_control_plane: 'control-plane',
  kube_controlplane: 'control-plane',
  k8s_master: 'control-plane',
  k8s_masters: 'control-plane',
  control_plane: 'control-plane',
  controlplane: 'control-plane',
  controllers: 'control-plane',
  master: 'control-plane',
  masters: 'control-plane',
  k3s_server: 'control-plane',
  k3s_servers: 'control-plane',
  rke2_server: 'control-plane',
  rke2_servers: 'control-plane',
  kube_node: 'worker',
  kube_nodes: 'worker',
  k8s_node: 'worker',
  k8s_nodes: 'worker',
  kube_worker: 'worker',
  kube_workers: 'worker',
  node: 'worker',
  nodes: 'worker',
  worker: 'worker',
  workers: 'worker',
  k3s_agent: 'worker',
  k3s_agents: 'worker',
  rke2_agent: 'worker',
  rke2_agents: 'worker',
  chrony: 'ntp-server',
  chrony_server: 'ntp-server',
  chrony_servers: 'ntp-server',
  ntp: 'ntp-server',
  ntp_server: 'ntp-server',
  ntp_servers: 'ntp-server',
};

/** `server` and `agent` mean something only beside k3s or rke2. */
const lightRoles: Readonly<Record<string, NodeRole>> = {
  server: 'control-plane',
  servers: 'control-plane',
  agent: 'worker',
  agents: 'worker',
};

/** The role that membership in each group gives. Groups that give none are absent. */
export function rolesOfGroups(names: readonly string[]): ReadonlyMap<string, NodeRole> {
  const light = names.some((name) => /^(k3s|rke2)/i.test(name));
  const known = new Map(Object.entries(light ? { ...groupRoles, ...lightRoles } : groupRoles));
  return new Map(
    names.flatMap((name) => {
      const role = known.get(name.toLowerCase().replaceAll('-', '_'));
      return role === undefined ? [] : [[name, role] as const];
    }),
  );
}
