import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getImages } from '../image/build.ts';
import { nodeDirectory, powerOn, waitUntilReady } from '../node/power.ts';
import { seedOf } from '../node/seed.ts';
import { tarOf } from '../node/tar.ts';
import { cacheRoot, stateDirectory } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import { runOrFail } from '../process.ts';
import { say } from '../progress.ts';
import { startServices } from '../services/start.ts';
import { setOffset } from '../truth/set-offset.ts';
import { takeDown } from './down.ts';
import { accessFiles, writeAccessFiles } from './inventory.ts';
import { createNamespace, namespaceExists, processesOf } from './namespace.ts';
import { flavoursOf, network, type PlanOptions, planNodes } from './plan.ts';
import { type LabState, saveState } from './state.ts';

export interface UpOptions extends PlanOptions {
  readonly name: string;
  readonly upstreams: number;
  /** `upstream`: the nodes' daemons follow the lab's servers. `debian`: they keep what the package brought. */
  readonly sources: 'upstream' | 'debian';
  readonly exporter: boolean;
  readonly memory: number;
  readonly archive: string;
}

const readyMs = 180_000;

/** The first half of `up`, outside the namespace: images, keys, addresses, namespace. The nodes are not started yet. */
export async function prepareLab(options: UpOptions): Promise<LabState> {
  const nodes = planNodes(options);
  if (options.upstreams < 0 || options.upstreams > 20) throw new LabProblem('--upstreams must be 0 to 20.');
  if (options.memory < 96 || options.memory > 4096)
    throw new LabProblem('--memory must be 96 to 4096 (MiB).');
  if (namespaceExists(options.name) && processesOf(options.name).length > 0) {
    throw new LabProblem(
      `The lab "${options.name}" is up already. Take it down first: npm run lab -- down --name ${options.name}`,
    );
  }
  if (await takeDown(options.name)) say(`removed what an earlier lab "${options.name}" had left`);
  const wanted = [...new Set(flavoursOf(options.image))].filter((flavour) =>
    nodes.some((node) => node.flavour === flavour.name),
  );
  const images = await getImages(cacheRoot(), wanted, options.archive);
  const upstreams = Array.from({ length: options.upstreams }, (_, at) => ({
    name: `ntp${at + 1}`,
    address: network.upstream(at + 1),
  }));
  const state: LabState = {
    version: 1,
    name: options.name,
    kernel: images.kernel,
    repository: images.repository,
    memoryMegabytes: options.memory,
    disks: Object.fromEntries(images.disks),
    nodes,
    upstreams,
    faults: [],
    nextFault: 1,
  };
  await saveState(state);
  await writeSeeds(state, options);
  await createNamespace(state.name, nodes, upstreams);
  return state;
}

async function writeSeeds(state: LabState, options: UpOptions): Promise<void> {
  const key = accessFiles(state.name).key;
  await mkdir(join(stateDirectory(state.name), 'uml'), { recursive: true });
  await runOrFail('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `lab ${state.name}`, '-f', key]);
  const authorizedKey = await readFile(`${key}.pub`, 'utf8');
  for (const node of state.nodes) {
    const directory = nodeDirectory(state.name, node.name);
    await mkdir(directory, { recursive: true });
    const files = await seedOf(node, {
      directory,
      authorizedKey,
      upstreams: state.upstreams,
      follow: options.sources === 'upstream' && state.upstreams.length > 0,
      exporter: options.exporter,
    });
    await writeFile(join(directory, 'seed.tar'), tarOf(files, Math.floor(Date.now() / 1000)), {
      mode: 0o600,
    });
  }
  await writeAccessFiles(state);
}

/** The second half, inside the namespace: services, kernels, and the wait until every node is ready. */
export async function bootLab(state: LabState): Promise<void> {
  await startServices(state);
  say(`booting ${state.nodes.length} nodes`);
  for (const node of state.nodes) await powerOn(state, node);
  await Promise.all(
    state.nodes.map(async (node) => {
      await waitUntilReady(state, node, readyMs);
      say(`${node.name} is ready (${node.address}, ${node.flavour})`);
    }),
  );
  // Last of all: systemd and timesyncd push a clock forward at boot that lies before their own release. The kernel takes
  // over the host's time only to some tenths of a second, and a daemon that slews would need minutes for those.
  for (const node of state.nodes) await setOffset(node, BigInt(node.clock ?? '0'));
}
