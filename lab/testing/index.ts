import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, run } from '../process.ts';

/** A lab of a test's own: its state lies in a temporary directory, the image cache is the common one. */
export class TestLab {
  readonly home = mkdtempSync(join(tmpdir(), 'lab-'));
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  get directory(): string {
    return join(this.home, 'clockwarden', 'lab', this.name);
  }

  /** The file that the lab's network namespace is bound to. */
  get #network(): string {
    return join(this.directory, 'net');
  }

  get #environment(): NodeJS.ProcessEnv {
    return { ...process.env, XDG_STATE_HOME: this.home, NO_COLOR: '1' };
  }

  /** One command of the lab's own command line. */
  run(command: string, args: readonly string[] = [], timeoutMs = 600_000): Promise<Outcome> {
    const line = [join(import.meta.dirname, '../main.ts'), command, '--name', this.name, ...args];
    if (command === 'up' || command === 'down') {
      return run(process.execPath, line, { env: this.#environment, timeoutMs });
    }
    // Straight into the namespace: it saves the first of two starts.
    return this.inside([process.execPath, ...line], timeoutMs);
  }

  /** A program of this machine in the lab's network. */
  inside(command: readonly string[], timeoutMs = 600_000): Promise<Outcome> {
    return run('nsenter', [`--net=${this.#network}`, '--', ...command], {
      env: this.#environment,
      timeoutMs,
    });
  }

  /** A program of this machine that goes on in the lab's network; whoever starts it ends it. */
  start(command: readonly string[], stdio: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
    const line = [`--net=${this.#network}`, '--', ...command];
    return spawn('nsenter', line, { env: this.#environment, stdio });
  }

  /** As run, and throws with everything that was printed when it fails. Returns stdout. */
  async must(command: string, ...args: string[]): Promise<string> {
    const outcome = await this.run(command, args);
    if (outcome.code === 0) return outcome.stdout;
    throw new Error(
      `lab ${command} ${args.join(' ')} → ${outcome.code}\n${outcome.stdout}\n${outcome.stderr}`,
    );
  }

  on(node: string, script: string): Promise<Outcome> {
    return this.run('exec', [node, '--', script]);
  }

  /** The power of these nodes fails at one moment and comes back. */
  async powerCycle(nodes: readonly string[]): Promise<void> {
    const script = join(import.meta.dirname, 'power-cycle.ts');
    const outcome = await this.inside([process.execPath, script, this.name, ...nodes]);
    if (outcome.code !== 0) throw new Error(`power cycle of ${nodes.join(' ')}\n${outcome.stderr}`);
  }

  /** Each node's offset in seconds, null where the node is silent. */
  async truth(): Promise<Record<string, { offsetSeconds: number; boundSeconds: number } | null>> {
    return JSON.parse(await this.must('truth', '--json')).nodes;
  }

  async remove(): Promise<void> {
    await this.run('down');
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Asks until the answer is true. Waiting for a fixed time is either too long or too short. */
export async function eventually(
  ask: () => Promise<boolean>,
  what: string,
  deadlineMs = 60_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`Not within ${deadlineMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
