import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { argumentsOf, processesOf, tapOf, wireTapOf } from '../cluster/namespace.ts';
import type { LabNode } from '../cluster/plan.ts';
import type { LabState } from '../cluster/state.ts';
import { stateDirectory } from '../paths.ts';
import { LabProblem } from '../problem.ts';
import { NodeSilent, runOnNode } from './agent.ts';

export const nodeDirectory = (lab: string, node: string): string => join(stateDirectory(lab), 'nodes', node);

/** Starts a node's kernel and returns at once. It outlives this process; the namespace's process list finds it again. */
export async function powerOn(state: LabState, node: LabNode): Promise<void> {
  const directory = nodeDirectory(state.name, node.name);
  const disk = state.disks[node.flavour];
  if (disk === undefined) throw new Error(`No disk for ${node.flavour}`);
  const log = openSync(join(directory, 'console.log'), 'a');
  const child = spawn(
    state.kernel,
    [
      // Without it each system call of a node is a stop under ptrace(2); `auto` falls back to that where the host forbids the other.
      'seccomp=auto',
      `mem=${state.memoryMegabytes}M`,
      `ubd0=${join(directory, 'disk.cow')},${disk}`,
      `ubd1r=${join(directory, 'seed.tar')}`,
      'root=/dev/ubda',
      'rw',
      'init=/usr/lib/lab/init',
      'quiet',
      `umid=${node.name}`,
      `uml_dir=${join(stateDirectory(state.name), 'uml')}`,
      // gro: a tap hands over TCP in pieces larger than a frame; without it each of those is lost.
      `vec0:transport=tap,gro=1,ifname=${tapOf(node)},mac=02:00:00:00:00:${hex(node.index)}`,
      `vec1:transport=tap,gro=1,ifname=${wireTapOf(node)},mac=02:00:00:00:01:${hex(node.index)}`,
      'con0=null,fd:1',
      'con=null',
      'ssl=null',
    ],
    {
      cwd: directory,
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: directory, TMPDIR: await memoryPlace(state) },
    },
  );
  child.on('error', () => undefined);
  child.unref();
}

const hex = (index: number): string => index.toString(16).padStart(2, '0');

/** The kernel keeps a node's memory in an unlinked file: in /dev/shm if there is room (containers have 64 MB), else on disk. */
async function memoryPlace(state: LabState): Promise<string> {
  const need = state.memoryMegabytes * 1024 * 1024 * (state.nodes.length + 1);
  const room = await statfs('/dev/shm').then(
    (facts) => facts.bavail * facts.bsize,
    () => 0,
  );
  return room > need ? '/dev/shm' : stateDirectory(state.name);
}

/**
 * The processes of one node's kernel: one for itself and, under ptrace, one for each address space of the node. Under seccomp
 * those have no name of ours; the host ends them with the kernel's own.
 */
export async function processesOfNode(lab: string, node: string): Promise<number[]> {
  const found: number[] = [];
  for (const pid of processesOf(lab)) {
    if ((await argumentsOf(pid)).includes(`umid=${node}`)) found.push(pid);
  }
  return found;
}

/** Freezes a node, or lets it go on. Only the kernel's own process is stopped: it would take a stop of one that it traces for a crash. */
export async function freezeNode(lab: string, node: string, frozen: boolean): Promise<void> {
  const pids = await processesOfNode(lab, node);
  for (const pid of pids) {
    if (!pids.includes(await parentOf(pid))) signal(pid, frozen ? 'SIGSTOP' : 'SIGCONT');
  }
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1] ?? 0);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}

/** Pulls the plug: what the node had not written is lost. Returns when no process of it is left. */
export async function powerOff(lab: string, node: string): Promise<void> {
  for (let left = 100; left > 0; left--) {
    const pids = await processesOfNode(lab, node);
    if (pids.length === 0) return;
    for (const pid of pids) signal(pid, 'SIGKILL');
    await wait(50);
  }
  throw new LabProblem(`The processes of ${node} do not end.`);
}

/** Waits until the node's systemd has started everything and its sshd greets. Throws with the console's end if it dies. */
export async function waitUntilReady(state: LabState, node: LabNode, deadlineMs: number): Promise<void> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const left = end - performance.now();
    try {
      if (left > 0) {
        await runOnNode(node.wire, 'systemctl is-system-running --wait', {
          timeoutMs: Math.min(left, 30_000),
        });
        if (await greets(node.address, 22)) return;
      }
    } catch (error) {
      if (!(error instanceof NodeSilent)) throw error;
    }
    if (left <= 0 || (await processesOfNode(state.name, node.name)).length === 0) {
      const why = left <= 0 ? `was not ready after ${Math.round(deadlineMs / 1000)} s` : 'died while booting';
      throw new LabProblem(
        `${node.name} ${why}. The end of its console:\n${await consoleEnd(state.name, node.name)}`,
      );
    }
    await wait(150);
  }
}

async function consoleEnd(lab: string, node: string): Promise<string> {
  const text = await readFile(join(nodeDirectory(lab, node), 'console.log'), 'utf8').catch(() => '');
  return text.split('\n').slice(-15).join('\n');
}

function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(3000, () => done(false));
    socket.on('data', (data) => done(data.toString('latin1').startsWith('SSH-')));
    socket.on('error', () => done(false));
    socket.on('close', () => resolve(false));
  });
}
