/** The cluster that each guide is about, as arguments of `lab up`; addresses are 10.99.0.11 and on. */
export const clusters: Readonly<Record<string, readonly string[]>> = {
  'before-installing-kubernetes': [
    '--nodes=3',
    '--control-plane=1',
    '--image=timesyncd',
    '--sources=debian',
    '--clock=node2=+90s,node3=-2d',
  ],
  'air-gapped': ['--nodes=3', '--image=timesyncd,chrony', '--sources=debian', '--clock=node2=+20s,node3=-1h'],
  'from-kubeasz': ['--nodes=3', '--image=bare'],
  'servers-on-the-control-plane': ['--nodes=4', '--control-plane=3', '--image=chrony,timesyncd'],
  'take-over-chrony': ['--nodes=3', '--image=chrony'],
  undo: ['--nodes=2', '--image=timesyncd'],
};
