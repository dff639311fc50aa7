import { type ActiveFault, type LabState, nodeNamed, saveState } from '../cluster/state.ts';
import { doOnNode } from '../node/agent.ts';
import { LabProblem } from '../problem.ts';
import { rate, step } from './clock.ts';
import { containers } from './containers.ts';
import { daemonKill, daemonMask, daemonStop, daemonWedge, ntpdateCron, secondDaemon } from './daemon.ts';
import type { Fault, NodeScene, UpstreamScene } from './fault.ts';
import { configCorrupt, configRemove, diskFull, etcReadOnly, localtimeBreak } from './files.ts';
import { dnsBreak, ntpDelay, ntpDrop, ntpRateLimit, partition, sshBlock } from './network.ts';
import { pause, powerCut } from './power.ts';
import { upstreamFaults } from './upstream.ts';

/** Every fault. A new one is an object in a file beside this one and a line here. */
export const faults: readonly Fault[] = [
  step,
  rate,
  ntpDrop,
  ntpDelay,
  ntpRateLimit,
  sshBlock,
  partition,
  dnsBreak,
  daemonKill,
  daemonStop,
  daemonMask,
  daemonWedge,
  secondDaemon,
  ntpdateCron,
  containers,
  diskFull,
  etcReadOnly,
  localtimeBreak,
  configCorrupt,
  configRemove,
  ...upstreamFaults,
  powerCut,
  pause,
];

function faultNamed(name: string): Fault {
  const found = faults.find((fault) => fault.name === name);
  if (!found) throw new LabProblem(`There is no fault "${name}". See: npm run lab -- fault --list`);
  return found;
}

/** `key=value` words against the settings that a fault knows; all present afterwards. */
export function readSettings(fault: Fault, words: readonly string[]): Record<string, string> {
  const given = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    const key = word.slice(0, Math.max(equals, 0));
    if (equals < 1 || !Object.hasOwn(fault.settings, key)) {
      const known = Object.keys(fault.settings);
      const hint =
        known.length > 0 ? `it knows ${known.map((one) => `${one}=…`).join(' ')}` : 'it has no settings';
      throw new LabProblem(`${fault.name} does not understand "${word}": ${hint}.`);
    }
    given.set(key, word.slice(equals + 1));
  }
  const settings: Record<string, string> = {};
  for (const [key, { summary, standard }] of Object.entries(fault.settings)) {
    const value = given.get(key) ?? standard;
    if (value === undefined) throw new LabProblem(`${fault.name} wants ${key}=… (${summary}).`);
    settings[key] = value;
  }
  return settings;
}

/** Puts a fault in force and remembers how to undo it. Returns the state with it. */
export async function applyFault(
  state: LabState,
  name: string,
  target: string,
  words: readonly string[],
): Promise<ActiveFault> {
  const fault = faultNamed(name);
  const settings = readSettings(fault, words);
  const same = state.faults.find((one) => one.fault === name && one.target === target);
  if (same && name !== 'step') {
    throw new LabProblem(`${name} is in force on ${target} already; undo it with: fault --undo ${same.id}`);
  }
  const memory =
    fault.target === 'node'
      ? await fault.apply(nodeScene(state, target, settings))
      : await fault.apply(upstreamScene(state, target, settings));
  const active: ActiveFault = { id: state.nextFault, fault: name, target, settings, memory };
  await saveState({ ...state, faults: [...state.faults, active], nextFault: state.nextFault + 1 });
  return active;
}

/** Undoes a fault. It stays in the list when that fails. */
export async function undoFault(state: LabState, id: number): Promise<LabState> {
  const active = state.faults.find((one) => one.id === id);
  if (!active) throw new LabProblem(`No fault ${id} is in force.`);
  const fault = faultNamed(active.fault);
  if (fault.target === 'node')
    await fault.undo(nodeScene(state, active.target, active.settings), active.memory);
  else await fault.undo(upstreamScene(state, active.target, active.settings), active.memory);
  const next = { ...state, faults: state.faults.filter((one) => one.id !== id) };
  await saveState(next);
  return next;
}

function nodeScene(state: LabState, target: string, settings: Readonly<Record<string, string>>): NodeScene {
  const node = nodeNamed(state, target);
  return { state, node, settings, onNode: (script) => doOnNode(node.wire, script, { timeoutMs: 600_000 }) };
}

function upstreamScene(
  state: LabState,
  target: string,
  settings: Readonly<Record<string, string>>,
): UpstreamScene {
  const upstream = state.upstreams.find((one) => one.name === target);
  if (!upstream) {
    const known = state.upstreams.map((one) => one.name).join(', ') || 'none';
    throw new LabProblem(`There is no upstream "${target}" (known: ${known}).`);
  }
  return { state, upstream, settings };
}
