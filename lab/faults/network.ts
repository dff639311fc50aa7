import { inside, tapOf } from '../cluster/namespace.ts';
import { parseAmount } from '../cluster/plan.ts';
import { LabProblem } from '../problem.ts';
import { runOrFail } from '../process.ts';
import { type NodeFault, quoted } from './fault.ts';

/*
 * Loss, delay and limits are made by the traffic control of the node's own kernel, in front of its firewall: the node's rules
 * show nothing, as with a fault of the network, and the host's kernel needs no modules. Each fault has a `pref` of its own.
 */
const ready = 'tc qdisc show dev vec0 | grep -q clsact || tc qdisc add dev vec0 clsact';
const bothWays = ['ingress', 'egress'] as const;

/** Both ends of an exchange: what goes to the port, and what comes from it. */
function matches(direction: string, pref: number, protocol: number, port: number, action: string): string {
  return ['dport', 'sport']
    .map(
      (side) =>
        `tc filter add dev vec0 ${direction} pref ${pref} protocol ip u32 match ip protocol ${protocol} 0xff match ip ${side} ${port} 0xffff ${action}`,
    )
    .join('\n');
}

const forget = (direction: string, pref: number): string =>
  `tc filter del dev vec0 ${direction} pref ${pref}`;

export const ntpDrop: NodeFault = {
  name: 'ntp-drop',
  target: 'node',
  summary: 'the network loses every packet of UDP 123 to and from the node',
  settings: {},
  apply: async ({ onNode }) => {
    await onNode(
      ['set -e', ready, ...bothWays.map((way) => matches(way, 10, 17, 123, 'action drop'))].join('\n'),
    );
    return '';
  },
  undo: async ({ onNode }) => {
    await onNode(bothWays.map((way) => forget(way, 10)).join('\n'));
  },
};

export const ntpRateLimit: NodeFault = {
  name: 'ntp-rate-limit',
  target: 'node',
  summary: 'the network passes only so many packets of UDP 123 a second to the node',
  settings: { packets: { summary: 'packets a second, 1 and up', standard: '1' } },
  apply: async ({ onNode, settings }) => {
    if (!/^[1-9]\d{0,4}$/.test(settings.packets ?? '')) throw new LabProblem('packets must be 1 to 99999.');
    const police = `action police pkts_rate ${settings.packets} pkts_burst ${settings.packets} conform-exceed drop`;
    await onNode(['set -e', ready, matches('ingress', 20, 17, 123, police)].join('\n'));
    return '';
  },
  undo: async ({ onNode }) => {
    await onNode(forget('ingress', 20));
  },
};

export const ntpDelay: NodeFault = {
  name: 'ntp-delay',
  target: 'node',
  summary: 'the network delays UDP 123, both ways or, which shifts every measured offset, one way',
  settings: {
    by: { summary: 'how long, such as 80ms' },
    way: { summary: 'in, out or both', standard: 'both' },
  },
  apply: async ({ onNode, settings }) => {
    const seconds = Number(parseAmount(settings.by ?? '')) / 1e9;
    if (!(seconds > 0 && seconds <= 60))
      throw new LabProblem('by must be more than nothing and at most 60s.');
    const ways = { in: ['ingress'], out: ['egress'], both: [...bothWays] }[settings.way ?? ''];
    if (!ways) throw new LabProblem('way must be in, out or both.');
    const lines = ['set -e', ready];
    for (const way of ways) {
      const device = `lab-${way}`;
      lines.push(
        `ip link add ${device} type ifb`,
        `ip link set ${device} up`,
        `tc qdisc add dev ${device} root netem delay ${(seconds * 1e6).toFixed(0)}us limit 10000`,
        matches(way, 40, 17, 123, `action mirred egress redirect dev ${device}`),
      );
    }
    await onNode(lines.join('\n'));
    return ways.join(' ');
  },
  undo: async ({ onNode }, memory) => {
    const lines = memory.split(' ').map((way) => `${forget(way, 40)}\nip link delete lab-${way}`);
    await onNode(lines.join('\n'));
  },
};

export const sshBlock: NodeFault = {
  name: 'ssh-block',
  target: 'node',
  summary: 'the network loses every packet of TCP 22 to and from the node',
  settings: {},
  apply: async ({ onNode }) => {
    await onNode(['set -e', ready, matches('ingress', 30, 6, 22, 'action drop')].join('\n'));
    return '';
  },
  undo: async ({ onNode }) => {
    await onNode(forget('ingress', 30));
  },
};

export const partition: NodeFault = {
  name: 'partition',
  target: 'node',
  summary: 'pull the node’s network cable; the lab’s own wire stays',
  settings: {},
  apply: async ({ state, node }) => {
    await cable(state.name, `link set ${tapOf(node)} nomaster`);
    return '';
  },
  undo: async ({ state, node }) => cable(state.name, `link set ${tapOf(node)} master lab`),
};

async function cable(lab: string, change: string): Promise<void> {
  const [enter, ...where] = inside(lab);
  await runOrFail(enter, [...where, 'ip', ...change.split(' ')]);
}

export const dnsBreak: NodeFault = {
  name: 'dns-break',
  target: 'node',
  summary: 'the node’s resolver points at an address where nobody answers',
  settings: {},
  apply: async ({ onNode }) => {
    const before = await onNode('base64 -w0 /etc/resolv.conf');
    await onNode("printf 'nameserver 10.99.0.254\\n' >/etc/resolv.conf");
    return before.trim();
  },
  undo: async ({ onNode }, memory) => {
    await onNode(`printf %s ${quoted(memory)} | base64 -d >/etc/resolv.conf`);
  },
};
