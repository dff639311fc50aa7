import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { undoFault } from '../faults/index.ts';
import { doOnNode } from '../node/agent.ts';
import { freezeNode, nodeDirectory, powerOff, powerOn, waitUntilReady } from '../node/power.ts';
import { checkLabName, stateDirectory } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import { runOrFail } from '../process.ts';
import { say } from '../progress.ts';
import { setOffset } from '../truth/set-offset.ts';
import { measureTruth } from '../truth/truth.ts';
import { type LabState, saveState } from './state.ts';

const snapshotsOf = (lab: string): string => join(stateDirectory(lab), 'snapshots');

export async function snapshotNames(lab: string): Promise<string[]> {
  const names = await readdir(snapshotsOf(lab)).catch(() => []);
  return names.filter((name) => !name.endsWith('.draft')).sort();
}

/** Keeps every node's disk, and how far its clock stood off. Nodes stand still only while their own disk is copied. */
export async function saveSnapshot(state: LabState, snapshot: string): Promise<void> {
  const place = join(snapshotsOf(state.name), checkLabName(snapshot));
  if (state.faults.length > 0) {
    throw new LabProblem('A snapshot is taken of a healthy lab: end the faults first (fault --undo all).');
  }
  if ((await snapshotNames(state.name)).includes(snapshot)) {
    throw new LabProblem(`There is a snapshot "${snapshot}" already.`);
  }
  const draft = `${place}.draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const offsets: Record<string, string> = {};
  for (const node of state.nodes) {
    offsets[node.name] = (await measureTruth(node.wire))?.offsetNs ?? '0';
    await doOnNode(node.wire, 'sync');
    await freezeNode(state.name, node.name, true);
    try {
      await copySparse(
        join(nodeDirectory(state.name, node.name), 'disk.cow'),
        join(draft, `${node.name}.cow`),
      );
    } finally {
      await freezeNode(state.name, node.name, false);
    }
  }
  await writeFile(join(draft, 'offsets.json'), JSON.stringify(offsets));
  await rename(draft, place);
}

/** Cuts every node's power, puts the disks back, boots, and sets the clocks off as they were. */
export async function restoreSnapshot(state: LabState, snapshot: string): Promise<void> {
  if (!(await snapshotNames(state.name)).includes(snapshot)) {
    const known = (await snapshotNames(state.name)).join(', ') || 'none';
    throw new LabProblem(`There is no snapshot "${snapshot}" (known: ${known}).`);
  }
  const place = join(snapshotsOf(state.name), snapshot);
  let now = state;
  // Faults inside a node end with its disk and its kernel; those around it are ended here.
  for (const fault of state.faults) {
    if (fault.fault === 'partition' || fault.fault.startsWith('upstream-'))
      now = await undoFault(now, fault.id);
  }
  await saveState({ ...now, faults: [] });
  for (const node of state.nodes) {
    await powerOff(state.name, node.name);
    await copySparse(join(place, `${node.name}.cow`), join(nodeDirectory(state.name, node.name), 'disk.cow'));
    await powerOn(state, node);
  }
  const offsets = JSON.parse(await readFile(join(place, 'offsets.json'), 'utf8')) as Record<string, string>;
  await Promise.all(
    state.nodes.map(async (node) => {
      await waitUntilReady(state, node, 180_000);
      say(`${node.name} is back`);
    }),
  );
  for (const node of state.nodes) await setOffset(node, BigInt(offsets[node.name] ?? '0'));
}

async function copySparse(from: string, to: string): Promise<void> {
  await runOrFail('cp', ['--sparse=always', '--reflink=auto', from, to]);
}
