/** The guide whose cluster needs nothing installed, carried out in every run; the others: guides.proof.test.ts. */
import { eventually } from '@clockwarden/lab/testing';
import { testGuides } from './carry-out.ts';

testGuides({ 'take-over-chrony': ['--nodes=3', '--image=chrony'] }, async (lab) => {
  // A healthy cluster: a moment after a boot the kernel does not call its clock synchronized yet.
  for (const node of ['node1', 'node2', 'node3']) {
    const synchronized = async () =>
      (await lab.on(node, 'timedatectl show -p NTPSynchronized --value')).stdout.trim() === 'yes';
    await eventually(synchronized, `${node} is synchronized`);
  }
});
