import { type Flavour, flavourNamed, flavours } from '../flavours/index.ts';
import { LabProblem } from '../problem.ts';

/** One node of a lab, as planned and as saved. */
export interface LabNode {
  readonly name: string;
  /** 1 for node1; interfaces and addresses are derived from it. */
  readonly index: number;
  /** On the cluster's network. */
  readonly address: string;
  /** On the lab's own wire, which the node's system does not see. */
  readonly wire: string;
  readonly role: 'control-plane' | 'worker';
  readonly flavour: string;
  readonly timezone: string;
  /** Where the clock starts against the host's, in nanoseconds as decimal text; positive is ahead. Null: not set. */
  readonly clock: string | null;
}

export interface Upstream {
  readonly name: string;
  readonly address: string;
}

/** What each lab has at the same place: it is alone in its network namespace. */
export const network = {
  gateway: '10.99.0.1',
  mirror: '10.99.0.2',
  wireGateway: '10.98.0.1',
  address: (index: number): string => `10.99.0.${10 + index}`,
  wire: (index: number): string => `10.98.0.${10 + index}`,
  upstream: (index: number): string => `10.99.0.${200 + index}`,
} as const;

export interface PlanOptions {
  readonly nodes: number;
  readonly controlPlane?: number;
  readonly image: string;
  readonly clock?: string;
  readonly timezone?: string;
}

const mostNodes = 100;

/** Turns the options of `up` into nodes. Throws LabProblem where they make no sense. */
export function planNodes(options: PlanOptions): LabNode[] {
  const { nodes: count } = options;
  if (!Number.isInteger(count) || count < 1 || count > mostNodes) {
    throw new LabProblem(`--nodes must be between 1 and ${mostNodes}.`);
  }
  const controlPlane = options.controlPlane ?? (count >= 3 ? 3 : 1);
  if (!Number.isInteger(controlPlane) || controlPlane < 1 || controlPlane > count) {
    throw new LabProblem(`--control-plane must be between 1 and the number of nodes (${count}).`);
  }
  const kinds = flavoursOf(options.image);
  const names = Array.from({ length: count }, (_, at) => `node${at + 1}`);
  const clocks = perNode('--clock', options.clock, names);
  const zones = perNode('--timezone', options.timezone, names);
  return names.map((name, at) => {
    const clock = clocks.get(name);
    const timezone = zones.get(name) ?? zones.get('*') ?? 'Etc/UTC';
    if (!/^[A-Za-z0-9_+-]+(?:\/[A-Za-z0-9_+-]+)*$/.test(timezone)) {
      throw new LabProblem(`"${timezone}" is not the name of a timezone.`);
    }
    return {
      name,
      index: at + 1,
      address: network.address(at + 1),
      wire: network.wire(at + 1),
      role: at < controlPlane ? 'control-plane' : 'worker',
      flavour: (kinds[at % kinds.length] as Flavour).name,
      timezone,
      clock: clock === undefined ? null : String(parseAmount(clock)),
    };
  });
}

/** `mixed`, one flavour, or several separated by commas that the nodes take in turn. */
export function flavoursOf(image: string): readonly Flavour[] {
  return image === 'mixed' ? flavours : image.split(',').map((name) => flavourNamed(name.trim()));
}

/** `node2=+90s,node4=-3d`; a value without a node is for all (key `*`). */
function perNode(option: string, text: string | undefined, names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of (text ?? '').split(',').filter((item) => item.trim() !== '')) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? '*' : part.slice(0, equals).trim();
    if (name === '*' && option === '--clock') {
      throw new LabProblem(`--clock wants node=amount, as in node2=+90s; got "${part}".`);
    }
    if (name !== '*' && !names.includes(name)) {
      throw new LabProblem(
        `${option}: there is no node "${name}" in this lab (node1 to node${names.length}).`,
      );
    }
    found.set(name, part.slice(equals + 1).trim());
  }
  return found;
}

const nanosecondsOf: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  // 365.25 days: what "40 years" means to a person.
  y: 31_557_600_000_000_000n,
};

/** `+90s`, `-3d`, `1.5ms`, `-40y` → signed nanoseconds. Exact: no floating point is involved. */
export function parseAmount(text: string): bigint {
  const match = /^([+-]?)(\d{1,12})(?:\.(\d{1,9}))?(ns|us|µs|ms|s|m|h|d|y)$/.exec(text.trim());
  if (!match) throw new LabProblem(`"${text}" is not an amount of time: try +90s, -3d, 1.5ms or -40y.`);
  const [, sign = '', whole = '0', fraction = '', unit = 's'] = match;
  const scale = nanosecondsOf[unit === 'µs' ? 'us' : unit] ?? 0n;
  const size = BigInt(whole) * scale + (BigInt(fraction.padEnd(9, '0')) * scale) / 1_000_000_000n;
  return sign === '-' ? -size : size;
}
