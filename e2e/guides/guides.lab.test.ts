import { eventually } from '@clockwarden/lab/testing';
import { testGuides } from './carry-out.ts';
import { quickGuides } from './clusters.ts';

testGuides(quickGuides, async (lab) => {
  // A healthy cluster: a moment after a boot the kernel does not call its clock synchronized yet.
  for (const node of ['node1', 'node2', 'node3']) {
    const synchronized = async () =>
      (await lab.on(node, 'timedatectl show -p NTPSynchronized --value')).stdout.trim() === 'yes';
    await eventually(synchronized, `${node} is synchronized`);
  }
});
