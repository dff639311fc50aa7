import { parseAmount } from '../cluster/plan.ts';
import { LabProblem } from '../problem.ts';
import type { Behaviour } from '../services/behaviour.ts';
import { callServices } from '../services/control.ts';
import type { Setting, UpstreamFault, UpstreamScene } from './fault.ts';

/** A fault that changes some of an upstream's behaviour, and puts the former values back. */
function behaving(
  name: string,
  summary: string,
  settings: Readonly<Record<string, Setting>>,
  change: (settings: Readonly<Record<string, string>>) => Partial<Behaviour>,
): UpstreamFault {
  return {
    name,
    target: 'upstream',
    summary,
    settings,
    apply: async (scene) => {
      const before = await behaviourOf(scene);
      const changes = change(scene.settings);
      await set(scene, { ...before, ...changes });
      const kept = Object.keys(changes).map((key) => [key, before[key as keyof Behaviour]]);
      return JSON.stringify(Object.fromEntries(kept));
    },
    undo: async (scene, memory) => {
      await set(scene, { ...(await behaviourOf(scene)), ...(JSON.parse(memory) as Partial<Behaviour>) });
    },
  };
}

async function behaviourOf({ state, upstream }: UpstreamScene): Promise<Behaviour> {
  const now = (await callServices(state.name, { ask: 'status' })).upstreams[upstream.name];
  if (!now) throw new LabProblem(`The services know no upstream "${upstream.name}".`);
  return now;
}

async function set({ state, upstream }: UpstreamScene, behaviour: Behaviour): Promise<void> {
  await callServices(state.name, { ask: 'set', upstream: upstream.name, behaviour });
}

const by: Setting = { summary: 'how far, such as +5s or -200ms' };
const secondsOf = (amount: string | undefined): number => Number(parseAmount(amount ?? '')) / 1e9;

export const upstreamFaults: readonly UpstreamFault[] = [
  behaving('upstream-jump', 'the server’s time jumps by an amount', { by }, (settings) => ({
    shiftSeconds: secondsOf(settings.by),
  })),
  behaving(
    'upstream-ramp',
    'the server’s time runs away, faster and faster ahead or behind',
    { ppm: { summary: 'parts per million, positive is fast' } },
    (settings) => {
      const rampPpm = Number(settings.ppm);
      if (!Number.isFinite(rampPpm) || Math.abs(rampPpm) > 1e6)
        throw new LabProblem('ppm must be a number up to a million.');
      return { rampPpm, sinceMs: Date.now() };
    },
  ),
  behaving('upstream-lie', 'the server is wrong and claims to be a primary server', { by }, (settings) => ({
    shiftSeconds: secondsOf(settings.by),
    stratum: 1,
  })),
  behaving(
    'upstream-leap',
    'the server announces a leap second that is none, or says that it is not synchronised',
    { leap: { summary: '1: a second more, 2: one less, 3: not synchronised', standard: '1' } },
    (settings) => {
      const leap = Number(settings.leap);
      if (leap !== 1 && leap !== 2 && leap !== 3) throw new LabProblem('leap must be 1, 2 or 3.');
      return leap === 3 ? { leap, stratum: 16 } : { leap };
    },
  ),
  behaving(
    'upstream-kiss',
    'the server answers with a kiss of death',
    { code: { summary: 'RATE, DENY or RSTR', standard: 'RATE' } },
    (settings) => {
      if (!/^[A-Z]{4}$/.test(settings.code ?? '')) throw new LabProblem('code must be four capital letters.');
      return { kiss: settings.code ?? 'RATE' };
    },
  ),
  behaving('upstream-silent', 'the server answers nobody', {}, () => ({ silent: true })),
];
