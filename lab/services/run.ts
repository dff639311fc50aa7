import { network } from '../cluster/plan.ts';
import type { LabState } from '../cluster/state.ts';
import { LabProblem } from '../problem.ts';
import { type Behaviour, honest } from './behaviour.ts';
import { type Request, type ServicesStatus, serveControl } from './control.ts';
import { serveDns } from './dns.ts';
import { serveMirror } from './mirror.ts';
import { HostClock, serveNtp } from './ntp.ts';

/** Gives the nodes what a site gives them: time, packages, names. Runs inside the lab's namespace until it is killed. */
export async function runServices(state: LabState): Promise<void> {
  const clock = new HostClock();
  const behaviours = new Map<string, Behaviour>(state.upstreams.map((one) => [one.name, honest]));
  const names = new Map([
    ['mirror', network.mirror],
    ...state.upstreams.map((one) => [one.name, one.address] as const),
    ...state.nodes.map((node) => [node.name, node.address] as const),
  ]);
  const status = (): ServicesStatus => ({ upstreams: Object.fromEntries(behaviours) });
  for (const { name, address } of state.upstreams) {
    await serveNtp(address, clock, () => behaviours.get(name) ?? honest);
  }
  await serveDns(network.gateway, names);
  await serveMirror(network.mirror, state.repository);
  serveControl(state.name, (request: Request) => {
    if (request.ask === 'set') {
      if (!behaviours.has(request.upstream))
        throw new LabProblem(`There is no upstream "${request.upstream}".`);
      behaviours.set(request.upstream, request.behaviour);
    }
    return status();
  });
}
