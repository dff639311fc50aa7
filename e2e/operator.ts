/** The machine of an operator beside a lab: `clockwarden` and an `ssh` that knows the lab's keys are on its path. */
import type { ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestLab } from '@clockwarden/lab/testing';
import * as z from 'zod';

const main = join(import.meta.dirname, '../packages/cli/main.ts');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An event of a run as `--json` prints it, with what the tests look at. */
/** Longer than anything that a test has a command wait for. */
const RUN_MS = 600_000;

const runEvent = z.looseObject({
  event: z.string(),
  index: z.number().optional(),
  of: z.number().optional(),
  action: z.string().nullish(),
  state: z.string().optional(),
});
export type RunEvent = z.infer<typeof runEvent>;

export class Operator {
  readonly lab: TestLab;
  /** Working directory of the commands; the journals of runs are in it as well. */
  readonly home: string;

  private constructor(lab: TestLab, home: string) {
    this.lab = lab;
    this.home = home;
  }

  static async at(lab: TestLab): Promise<Operator> {
    const operator = new Operator(lab, await mkdtemp(join(tmpdir(), 'operator-')));
    await mkdir(join(operator.home, 'bin'));
    await operator.#program('clockwarden', `exec '${process.execPath}' '${main}' --no-color "$@"`);
    await operator.#program('ssh', `exec /usr/bin/ssh -F '${join(lab.directory, 'ssh_config')}' "$@"`);
    return operator;
  }

  async #program(name: string, script: string): Promise<void> {
    const path = join(this.home, 'bin', name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }

  write(name: string, content: string): Promise<void> {
    return writeFile(join(this.home, name), content);
  }

  /** Killed after RUN_MS, without what it would have said last: a command must not be told to wait so long. */
  run(command: string): Promise<Outcome> {
    return this.lab.inside(this.#line(command), RUN_MS);
  }

  /** A command with `--json`, whose events are told as they come. Whoever is told may end it, or do something to the nodes. */
  async follow(
    command: string,
    onEvent: (event: RunEvent, child: ChildProcess) => void | Promise<void>,
  ): Promise<{ readonly code: number | null; readonly signal: string | null; readonly printed: string }> {
    const child = this.start(`exec ${command} --json`);
    const late = setTimeout(() => child.kill('SIGKILL'), RUN_MS);
    const ended = new Promise((resolve) => child.once('close', resolve));
    if (child.stdout === null) throw new Error('Its output is piped.');
    const lines: string[] = [];
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        await onEvent(runEvent.parse(JSON.parse(line)), child);
      }
      await ended;
    } finally {
      clearTimeout(late);
      child.kill('SIGKILL');
    }
    return { code: child.exitCode, signal: child.signalCode, printed: lines.join('\n') };
  }

  /** As run, with its output piped, for whoever wants to end it half-way. */
  start(command: string): ChildProcess {
    return this.lab.start(this.#line(command), 'pipe');
  }

  /** At a terminal, which script(1) gives: what the command prints there comes out, what is typed goes in. */
  startAtTerminal(command: string): ChildProcess {
    return this.start(`exec script -qec 'stty cols 120 rows 40; exec ${command}' /dev/null`);
  }

  #line(command: string): readonly string[] {
    const environment = [
      `PATH=${this.home}/bin:${process.env.PATH ?? ''}`,
      `XDG_STATE_HOME=${this.home}/state`,
    ];
    return ['env', '-C', this.home, ...environment, 'LANG=C.UTF-8', 'sh', '-c', command];
  }

  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}
