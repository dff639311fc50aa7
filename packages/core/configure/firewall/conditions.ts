/** What the rules of all firewalls ask of a packet, answered for a new one from outside to UDP 123 of the node. */
import { contains } from './networks.ts';
import type { Meets } from './walk.ts';

const NTP_PORT = 123;

/** Interfaces where only the node itself, its containers and its virtual machines send. */
const inside =
  /^(lo$|docker|br-|cni|cali|cilium|flannel|kube-|lxc|lxd|nodelocaldns|podman|tunl|veth|virbr|vxlan|weave)/;

/** Where nobody sends a question to a server. */
const neverAsked = ['127.0.0.0/8', '224.0.0.0/4', '255.255.255.255', '::1', 'ff00::/8'];

export function negatedIf(negated: boolean, meets: Meets): Meets {
  if (!negated) return meets;
  return meets === 'yes' ? 'no' : meets === 'no' ? 'yes' : meets;
}

export function cameInBy(name: string): Meets {
  return inside.test(name) ? 'no' : 'some';
}

export function sentTo(network: string): Meets {
  return neverAsked.some((outer) => contains(outer, network)) ? 'no' : 'some';
}

/** `123`, `ntp`, `22,123`, `100:200`, `100-200`. */
export function toPort(ports: string): Meets {
  const hit = ports.split(',').some((part) => {
    const [first = '', last = first] = part.trim().split(/[:-]/);
    if (first === 'ntp') return true;
    return Number(first || 0) <= NTP_PORT && NTP_PORT <= Number(last === '' ? 65_535 : last);
  });
  return hit ? 'yes' : 'no';
}

export function overProtocol(name: string): Meets {
  return ['udp', '17', 'all', '0'].includes(name) ? 'yes' : 'no';
}

/** Of connection tracking. */
export function inState(states: readonly string[]): Meets {
  return states.some((state) => state.toLowerCase() === 'new') ? 'yes' : 'no';
}

/** Types of address, packet or destination: only what is meant for the node itself. */
export function ofType(type: string): Meets {
  return /^(local|host|unicast)$/i.test(type) ? 'yes' : 'no';
}
