import { expect, test } from 'vitest';
import { accessFiles, kubeaszInventory, sshConfig } from './inventory.ts';
import { planNodes } from './plan.ts';

const files = accessFiles('example');

function group(text: string, name: string): string[] {
  const body = text.split(`[${name}]\n`)[1]?.split('\n[')[0] ?? '';
  return body.split('\n').filter((line) => line.trim() !== '');
}

test('the inventory has kubeasz’s groups, with an odd number of etcd members', () => {
  const text = kubeaszInventory(planNodes({ nodes: 6, controlPlane: 4, image: 'bare' }), files);
  expect(group(text, 'etcd')).toEqual(['10.99.0.11', '10.99.0.12', '10.99.0.13']);
  expect(group(text, 'kube_master')).toHaveLength(4);
  expect(group(text, 'kube_node')).toEqual([
    "10.99.0.15 k8s_nodename='node5'",
    "10.99.0.16 k8s_nodename='node6'",
  ]);
  expect(group(text, 'chrony')).toHaveLength(3);
});

test('one node is a control plane of its own', () => {
  const text = kubeaszInventory(planNodes({ nodes: 1, image: 'bare' }), files);
  expect(group(text, 'etcd')).toEqual(['10.99.0.11']);
  expect(group(text, 'kube_node')).toEqual([]);
});

test('ssh_config knows each node by name and by address, and never learns a key by itself', () => {
  const text = sshConfig(planNodes({ nodes: 2, image: 'bare' }), files);
  expect(text).toContain('Host node2 10.99.0.12\n  HostName 10.99.0.12\n');
  expect(text).toContain('StrictHostKeyChecking yes');
});
