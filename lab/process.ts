import { spawn } from 'node:child_process';
import { LabProblem } from './problem.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Kill the child when it has not ended after so many milliseconds; the outcome is then code 124. */
  readonly timeoutMs?: number;
}

/** Runs a program without a shell and waits for its end. Never rejects because of an exit code. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let late = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            child.kill('SIGKILL');
            // A grandchild may hold the pipes open: nobody waits for it.
            child.stdout.destroy();
            child.stderr.destroy();
          }, options.timeoutMs);
    child.stdout.on('data', (data: Buffer) => stdout.push(data));
    child.stderr.on('data', (data: Buffer) => stderr.push(data));
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') reject(new LabProblem(`The program "${command}" is not installed.`));
      else reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({
        code: late ? 124 : (code ?? 137),
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
    // A child that ends without reading its input is not an error of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
  });
}

/** As run, but a failure is a LabProblem that carries the program's last words. Returns what it printed. */
export async function runOrFail(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const outcome = await run(command, args, options);
  if (outcome.code === 0) return outcome.stdout;
  const words = (outcome.stderr.trim() || outcome.stdout.trim()).split('\n').slice(-12).join('\n');
  throw new LabProblem(`${command} ${args.join(' ')} failed with code ${outcome.code}:\n${words}`);
}

/** Arguments that make `command` die with this process, with every child of its own, even after kill -9. */
export function tiedToUs(command: string, args: readonly string[]): [string, string[]] {
  const inside = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return ['setpriv', ['--pdeathsig', 'KILL', 'unshare', ...inside, command, ...args]];
}
