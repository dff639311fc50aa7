/** How the processes that watch a node's clock are: etcd and kube-apiserver, asked on the node itself. */
export { type ControlPlaneHealth, type Health, healthOf } from './health.ts';
