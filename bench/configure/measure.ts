/** What a program costs with everything that it starts, including what stays behind in the background: a cgroup of its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunOptions, type RunResult, run, runOrThrow } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';

export interface Cost {
  readonly seconds: number;
  /** User and system time of all its processes, ssh included, until the last one ended. */
  readonly cpuSeconds: number;
  /** What everything else of this benchmark spent meanwhile: sshd and the hosts. */
  readonly hostsCpuSeconds: number;
  /** Largest sum of the proportional set sizes of all its processes; null: not looked at. */
  readonly peakBytes: number | null;
}

export class Meter {
  readonly #directory: string;
  readonly #hosts: string;

  private constructor(directory: string) {
    this.#directory = directory;
    this.#hosts = mkdtempSync(join(directory, 'clockwarden-bench-hosts-'));
    // Whatever this process starts from now on is in there as well.
    writeFileSync(join(this.#hosts, 'cgroup.procs'), `${process.pid}`);
  }

  /** Before any host is started. Wants a mount namespace of its own. */
  static async in(scratch: string): Promise<Meter> {
    const directory = join(scratch, 'cgroup');
    mkdirSync(directory);
    await runOrThrow('mount', ['-t', 'cgroup2', 'none', directory]);
    return new Meter(directory);
  }

  /**
   * Runs it to its end, then ends what it left behind.
   * @param memory looks at all processes again and again, which takes time itself: for runs that are not timed
   */
  async run(
    command: readonly string[],
    options: RunOptions & { readonly memory?: boolean },
  ): Promise<{ readonly result: RunResult; readonly cost: Cost }> {
    const group = mkdtempSync(join(this.#directory, 'clockwarden-bench-'));
    const file = (name: string): string => join(group, name);
    const watch = options.memory ? new PeakMemory(file('cgroup.procs')) : null;
    try {
      const join = 'echo 0 >"$1" && shift && exec "$@"';
      const before = cpuSecondsOf(this.#hosts);
      const started = performance.now();
      const result = await run('sh', ['-c', join, 'sh', file('cgroup.procs'), ...command], options);
      const seconds = (performance.now() - started) / 1_000;
      const peakBytes = (await watch?.stop()) ?? null;
      writeFileSync(file('cgroup.kill'), '1');
      await waitFor(() => /^populated 0$/m.test(readFileSync(file('cgroup.events'), 'utf8')), {
        what: 'the end of what a run left behind',
      });
      const cpuSeconds = cpuSecondsOf(group);
      const hostsCpuSeconds = cpuSecondsOf(this.#hosts) - before;
      return { result, cost: { seconds, cpuSeconds, hostsCpuSeconds, peakBytes } };
    } finally {
      rmdirSync(group);
    }
  }
}

function cpuSecondsOf(group: string): number {
  const usage = /^usage_usec (\d+)$/m.exec(readFileSync(join(group, 'cpu.stat'), 'utf8'))?.[1];
  return Number(usage) / 1e6;
}

const SAMPLE_MS = 50;

/** Shared pages count once, split among those that share them: what the machine would have back. */
class PeakMemory {
  #peak = 0;
  #over = false;
  readonly #loop: Promise<void>;

  constructor(processes: string) {
    this.#loop = this.#watch(processes);
  }

  async stop(): Promise<number> {
    this.#over = true;
    await this.#loop;
    return this.#peak;
  }

  async #watch(processes: string): Promise<void> {
    while (!this.#over) {
      const pids = readFileSync(processes, 'utf8').trim().split('\n');
      const sum = pids.reduce((total, pid) => total + proportionalSize(pid), 0);
      this.#peak = Math.max(this.#peak, sum);
      await sleep(SAMPLE_MS);
    }
  }
}

function proportionalSize(pid: string): number {
  try {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(pss ?? 0) * 1_024;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
