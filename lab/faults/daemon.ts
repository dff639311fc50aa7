import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { flavourNamed } from '../flavours/index.ts';
import { stateDirectory } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import { runOrFail } from '../process.ts';
import type { NodeFault, NodeScene } from './fault.ts';

function unitOf({ node }: NodeScene): string {
  const { daemon } = flavourNamed(node.flavour);
  if (!daemon) throw new LabProblem(`${node.name} is ${node.flavour}: it has no time daemon.`);
  return daemon.unit;
}

export const daemonKill: NodeFault = {
  name: 'daemon-kill',
  target: 'node',
  summary: 'kill the time daemon with SIGKILL; whether it comes back is up to its unit',
  settings: {},
  apply: async (scene) => {
    await scene.onNode(`systemctl kill --signal=KILL ${unitOf(scene)}`);
    return '';
  },
  undo: async (scene) => {
    await scene.onNode(`systemctl reset-failed ${unitOf(scene)}; systemctl start ${unitOf(scene)}`);
  },
};

export const daemonStop: NodeFault = {
  name: 'daemon-stop',
  target: 'node',
  summary: 'stop the time daemon',
  settings: {},
  apply: async (scene) => {
    await scene.onNode(`systemctl stop ${unitOf(scene)}`);
    return '';
  },
  undo: async (scene) => {
    await scene.onNode(`systemctl start ${unitOf(scene)}`);
  },
};

export const daemonMask: NodeFault = {
  name: 'daemon-mask',
  target: 'node',
  summary: 'stop the time daemon and mask its unit',
  settings: {},
  // A unit with a file in /etc cannot be masked for good; the mask under /run lasts until the next boot.
  apply: async (scene) => {
    await scene.onNode(`systemctl mask --runtime --now ${unitOf(scene)}`);
    return '';
  },
  undo: async (scene) => {
    await scene.onNode(`systemctl unmask --runtime ${unitOf(scene)} && systemctl start ${unitOf(scene)}`);
  },
};

export const daemonWedge: NodeFault = {
  name: 'daemon-wedge',
  target: 'node',
  summary: 'the time daemon hangs (SIGSTOP): it is "active" and does nothing',
  settings: {},
  apply: async (scene) => {
    await scene.onNode(`systemctl kill --signal=STOP ${unitOf(scene)}`);
    return '';
  },
  undo: async (scene) => {
    await scene.onNode(`systemctl kill --signal=CONT ${unitOf(scene)}`);
  },
};

/** A daemon that no package manager knows of: unpacked under /opt and started by a unit of its own. */
export const secondDaemon: NodeFault = {
  name: 'second-daemon',
  target: 'node',
  summary: 'a second time daemon on the same clock: openntpd from /opt (chrony where openntpd is the first)',
  settings: {},
  apply: async ({ state, node, onNode }) => {
    const second = node.flavour === 'openntpd' ? 'chrony' : 'openntpd';
    const server = state.upstreams[0]?.address ?? '10.99.0.201';
    const files = await unpacked(state.name, state.repository, second);
    const start =
      second === 'chrony'
        ? `printf 'server ${server} iburst\\ncmdport 0\\nbindcmdaddress /\\npidfile /run/second-ntp.pid\\nuser root\\n' >/opt/second-ntp/conf
exec="/opt/second-ntp/usr/sbin/chronyd -d -f /opt/second-ntp/conf"`
        : `getent passwd ntpd >/dev/null || useradd --system --home-dir /run/second-ntp --shell /usr/sbin/nologin ntpd
printf 'server ${server}\\n' >/opt/second-ntp/conf
exec="/opt/second-ntp/usr/sbin/ntpd -d -f /opt/second-ntp/conf"`;
    await onNode(`set -e
mkdir -p /opt/second-ntp
printf %s '${files}' | base64 -d | tar -xz -C /opt/second-ntp
${start}
cat >/etc/systemd/system/ntpd.service <<UNIT
[Unit]
Description=Another NTP daemon
[Service]
RuntimeDirectory=second-ntp
${second === 'openntpd' ? 'StateDirectory=openntpd/db openntpd/run' : ''}
ExecStart=$exec
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl --quiet enable --now ntpd.service`);
    return '';
  },
  undo: async ({ node, onNode }) => {
    await onNode(`systemctl --quiet disable --now ntpd.service
rm -rf /etc/systemd/system/ntpd.service /opt/second-ntp ${node.flavour === 'openntpd' ? '' : '/var/lib/openntpd'}
systemctl daemon-reload`);
  },
};

/** The programs of a package of the mirror, as base64 of a tar.gz: nodes without a package manager can take it, too. */
async function unpacked(lab: string, repository: string, name: string): Promise<string> {
  const set = await readFile(join(repository, 'sets', name), 'utf8');
  const draft = await mkdtemp(join(stateDirectory(lab), 'unpack-'));
  try {
    for (const file of set.split('\n').filter((line) => line.trim() !== '')) {
      await runOrFail('dpkg-deb', ['-x', join(repository, file), draft]);
    }
    const archive = join(draft, 'files.tar.gz');
    const parts = ['usr/sbin', 'usr/lib'];
    await runOrFail('sh', [
      '-c',
      `cd "$0" && tar -czf "$1" $(ls -d ${parts.join(' ')} 2>/dev/null)`,
      draft,
      archive,
    ]);
    return (await readFile(archive)).toString('base64');
  } finally {
    await rm(draft, { recursive: true });
  }
}

export const ntpdateCron: NodeFault = {
  name: 'ntpdate-cron',
  target: 'node',
  summary: 'a cron job that sets the clock with ntpdate every minute (installed from the mirror if need be)',
  settings: { server: { summary: 'where it asks', standard: 'ntp1' } },
  apply: async ({ onNode, settings }) => {
    const server = settings.server ?? '';
    if (!/^[A-Za-z0-9.-]+$/.test(server)) throw new LabProblem(`"${server}" is not a host.`);
    await onNode(installNtpdate);
    await onNode(`printf '* * * * * root /usr/sbin/ntpdate -s ${server}\\n' >/etc/cron.d/lab-ntpdate`);
    return '';
  },
  undo: async ({ onNode }) => {
    await onNode('rm -f /etc/cron.d/lab-ntpdate');
  },
};

/** Leaves the package in place: removing it again is not what the fault is about. */
export const installNtpdate = `
[ -x /usr/sbin/ntpdate ] && exit 0
command -v apt-get >/dev/null || { echo "this node has no ntpdate and no apt to install it" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get -q update && apt-get -q -y install ntpsec-ntpdate`;
