/** Cuts the power of nodes at one moment, and switches them on again: `power-cycle.ts LAB NODE...`, inside the lab's namespace. */
import { loadState, nodeNamed } from '../cluster/state.ts';
import { powerOff, powerOn, waitUntilReady } from '../node/power.ts';

const [lab = '', ...names] = process.argv.slice(2);
const state = await loadState(lab);
const nodes = names.map((name) => nodeNamed(state, name));
await Promise.all(nodes.map((node) => powerOff(lab, node.name)));
await Promise.all(nodes.map((node) => powerOn(state, node)));
await Promise.all(nodes.map((node) => waitUntilReady(state, node, 240_000)));
