/** The guides that take too long for every run; the others: guides.lab.test.ts. */
import { testGuides } from './carry-out.ts';

testGuides({
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
  undo: ['--nodes=2', '--image=timesyncd'],
});
