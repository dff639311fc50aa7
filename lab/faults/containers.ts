import { LabProblem } from '../problem.ts';
import { installNtpdate } from './daemon.ts';
import type { NodeFault } from './fault.ts';

/** What a container is to the clock: processes of their own, files of their own, and the very same clock. */
export const containers: NodeFault = {
  name: 'containers',
  target: 'node',
  summary:
    'containers (PID and mount namespaces, below kubepods) that run ntpdate again and again on the node’s clock',
  settings: {
    count: { summary: 'how many, 1 to 50', standard: '3' },
    'sys-time': { summary: 'yes: with CAP_SYS_TIME, no: without', standard: 'yes' },
    every: { summary: 'seconds between two runs', standard: '30' },
    server: { summary: 'where they ask', standard: 'ntp1' },
  },
  apply: async ({ onNode, settings }) => {
    const { count = '', every = '', server = '' } = settings;
    if (!/^([1-9]|[1-4]\d|50)$/.test(count)) throw new LabProblem('count must be 1 to 50.');
    if (!/^[1-9]\d{0,4}$/.test(every)) throw new LabProblem('every must be 1 to 99999 (seconds).');
    if (!/^[A-Za-z0-9.-]+$/.test(server)) throw new LabProblem(`"${server}" is not a host.`);
    const without = settings['sys-time'] === 'no';
    await onNode(installNtpdate);
    await onNode(`set -e
for i in $(seq ${count}); do
  systemd-run --quiet --collect --property=KillSignal=SIGKILL --unit=lab-container-$i --slice=kubepods-besteffort.slice \\
    unshare --pid --mount --fork --mount-proc --kill-child \\
    setpriv ${without ? '--bounding-set=-sys_time --inh-caps=-sys_time' : ''} \\
    sh -c 'while :; do ntpdate ${server}; sleep ${every}; done'
done`);
    return count;
  },
  undo: async ({ onNode }, memory) => {
    const units = Array.from({ length: Number(memory) }, (_, at) => `lab-container-${at + 1}.service`);
    await onNode(`systemctl stop ${units.join(' ')}`);
  },
};
