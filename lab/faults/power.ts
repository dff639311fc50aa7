import { setTimeout as wait } from 'node:timers/promises';
import { doOnNode } from '../node/agent.ts';
import { freezeNode, powerOff, powerOn, waitUntilReady } from '../node/power.ts';
import { LabProblem } from '../problem.ts';
import type { NodeFault } from './fault.ts';

export const powerCut: NodeFault = {
  name: 'power-cut',
  target: 'node',
  summary: 'cut the power while a file is being written; undo switches the node on again and waits for it',
  settings: { file: { summary: 'what is being written over and over', standard: '/var/lib/lab-written' } },
  apply: async ({ state, node, settings }) => {
    const file = settings.file ?? '';
    if (!/^\/[A-Za-z0-9._/-]+$/.test(file)) throw new LabProblem('file must be a plain absolute path.');
    const write = `while :; do seq 1 200000 >${file}; done`;
    await doOnNode(node.wire, `setsid sh -c '${write}' >/dev/null 2>&1 </dev/null &`);
    await wait(500);
    await powerOff(state.name, node.name);
    return '';
  },
  undo: async ({ state, node }) => {
    await powerOn(state, node);
    await waitUntilReady(state, node, 120_000);
  },
};

export const pause: NodeFault = {
  name: 'pause',
  target: 'node',
  summary: 'freeze the whole node, as a paused virtual machine; undo lets it go on',
  settings: {},
  apply: async ({ state, node }) => {
    await freezeNode(state.name, node.name, true);
    return '';
  },
  undo: async ({ state, node }) => freezeNode(state.name, node.name, false),
};
