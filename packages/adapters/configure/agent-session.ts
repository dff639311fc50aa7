/** The operator's side of the conversation with the agent on one node; the other side is agent/serve.ts. */
import { createHash, randomBytes } from 'node:crypto';
import {
  type Action,
  type LockHolder,
  type NodeMemory,
  parseMemory,
  undoOrder,
  wireOf,
} from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { type Failure, failure } from '@clockwarden/core/observe';
import { text } from '@clockwarden/core/text';
import { reasonText } from './agent/reasons.ts';
import { agentScript } from './agent/script.ts';
import type { NodeLogins } from './logins.ts';
import type { AgentJob, NodeAgent, StepResult } from './node-agent.ts';
import { type NodeShell, openShell } from './node-shell.ts';

export type OpenedAgent =
  | { readonly ok: true; readonly agent: NodeAgent }
  | { readonly ok: false; readonly failure: Failure };

/** A run waits for people and for convergence; this only ends what everybody forgot. */
const SESSION_MS = 24 * 3_600_000;

/** What an agent says in all: a line an action, and what the node remembers. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** For anything but an action: the disk may be slow, another agent may be in the middle of an action. */
const ANSWER_MS = 360_000;

/** Package managers wait for their lock and for mirrors; daemons get their time to start, and to start again as before. */
const ACTION_MS: Readonly<Record<Action['kind'], number>> = {
  'fetch-packages': 900_000,
  'install-package': 900_000,
  'remove-package': 600_000,
  'configure-daemon': 300_000,
  'set-units': 300_000,
  'put-file': 120_000,
  'open-firewall': 180_000,
  'close-firewall': 180_000,
  resync: 180_000,
};
const LONGEST_ACTION_MS = Math.max(...Object.values(ACTION_MS));

/**
 * Logs in, becomes root and reads what the node remembers; writes nothing.
 * @param signal ends the login at once, in the middle of an action too: the node ends that action and then stops
 */
export async function openAgent(
  node: NodeSpec,
  logins: NodeLogins,
  signal: AbortSignal,
): Promise<OpenedAgent> {
  return logins.slots.run(async (answered) => {
    const opened = await openShell(node, logins, {
      signal,
      timeoutMs: SESSION_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      sudo: 'auto',
      answered,
    });
    if (!opened.ok) return opened;
    const { shell } = opened;
    if (shell.privilege === 'none') return { ok: false, failure: await notRoot(shell) };
    const agent = new AgentSession(shell);
    if (await agent.greet(logins.config.timeoutSeconds * 3_000)) return { ok: true, agent };
    shell.kill();
    return { ok: false, failure: shell.explain(await shell.ended, true) };
  });
}

/** What a run rests on: it is continued only with the same. */
export function jobDigest(actions: AgentJob['actions']): string {
  return createHash('sha256').update(jobText(actions)).digest('hex');
}

/** `do N WIRE` and `undo N WIRE` for each action; `-`: there is nothing to undo. */
function jobText(actions: AgentJob['actions']): string {
  return actions
    .map(({ action, inverse }, index) => {
      const undo = inverse === null ? '-' : wireOf(inverse);
      return `do ${index} ${wireOf(action)}\nundo ${index} ${undo}\n`;
    })
    .join('');
}

async function notRoot(shell: NodeShell): Promise<Failure> {
  shell.endInput();
  const end = await shell.ended;
  const said = end.stderr.split('\n').findLast((line) => line.startsWith('sudo')) ?? '';
  const { target } = shell;
  return failure(
    'unauthorized',
    text(
      `${target} is not root and may not become it. ${said}`.trim(),
      `${target} 不是 root，也无法成为 root。${said}`.trim(),
    ),
    text(
      'Log in as root, allow `sudo -n sh -s` in sudoers, or let Clockwarden ask for the password of sudo.',
      '请以 root 登录、在 sudoers 中允许 `sudo -n sh -s`，或让 Clockwarden 询问 sudo 密码。',
    ),
  );
}

class AgentSession implements NodeAgent {
  remembered: NodeMemory = { lock: null, runs: [] };
  readonly #shell: NodeShell;
  /** Only who was told it answers with it: nothing that a command prints is taken for an answer. */
  readonly #mark = `=${randomBytes(16).toString('hex')}`;
  #actions: AgentJob['actions'] = [];
  /** One question at a time. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(shell: NodeShell) {
    this.#shell = shell;
  }

  async greet(timeoutMs: number): Promise<boolean> {
    const { lines } = this.#shell;
    this.#shell.write(agentScript);
    if (!(await lines.find((line) => line === 'clockwarden-agent 1' || null, timeoutMs))) return false;
    this.#shell.write(`hello ${this.#mark}\n`);
    const memory: string[] = [];
    const said = await lines.find((line) => {
      if (!line.startsWith(`${this.#mark} `)) return null;
      const words = line.slice(this.#mark.length + 1);
      if (!words.startsWith('=')) return words;
      memory.push(words.slice(1));
      return null;
    }, timeoutMs);
    this.remembered = parseMemory(memory.join('\n'));
    return said === 'ok';
  }

  begin(job: AgentJob): Promise<StepResult> {
    this.#actions = job.actions;
    const jobLines = jobText(job.actions);
    const words = [
      'begin',
      job.run,
      base64(job.operator),
      jobDigest(job.actions),
      job.actions.length,
      undoOrder(job.actions.map(({ action }) => action)).join(',') || '-',
      Buffer.byteLength(jobLines),
      Buffer.byteLength(agentScript),
      job.takeOver ? 'take' : 'wait',
    ];
    return this.#ask(`${words.join(' ')}\n${jobLines}${agentScript}`, ANSWER_MS);
  }

  resume(
    run: string,
    holder: { readonly operator?: string; readonly takeOver?: boolean } = {},
  ): Promise<StepResult> {
    this.#actions = [];
    const operator = holder.operator === undefined ? '-' : base64(holder.operator);
    const words = [
      'resume',
      run,
      operator,
      Buffer.byteLength(agentScript),
      holder.takeOver ? 'take' : 'wait',
    ];
    return this.#ask(`${words.join(' ')}\n${agentScript}`, ANSWER_MS);
  }

  perform(index: number): Promise<StepResult> {
    return this.#ask(`do ${index}\n`, this.#limit(this.#actions[index]?.action));
  }

  undo(index: number): Promise<StepResult> {
    return this.#ask(`undo ${index}\n`, this.#limit(this.#actions[index]?.inverse));
  }

  finish(outcome: 'applied' | 'rolled-back'): Promise<StepResult> {
    return this.#ask(`finish ${outcome}\n`, ANSWER_MS);
  }

  async close(): Promise<void> {
    this.#shell.write('bye\n');
    this.#shell.endInput();
    const patience = setTimeout(this.#shell.kill, 5_000);
    await this.#shell.ended;
    clearTimeout(patience);
  }

  #limit(action: Action | null | undefined): number {
    return action ? ACTION_MS[action.kind] : LONGEST_ACTION_MS;
  }

  #ask(words: string, timeoutMs: number): Promise<StepResult> {
    const answer = this.#last.then(() => this.#exchange(words, timeoutMs));
    this.#last = answer;
    return answer;
  }

  async #exchange(words: string, timeoutMs: number): Promise<StepResult> {
    this.#shell.write(words);
    const said = await this.#shell.lines.find(
      (line) => (line.startsWith(`${this.#mark} `) ? line.slice(this.#mark.length + 1) : null),
      timeoutMs,
    );
    if (said === 'ok') return { ok: true };
    if (said?.startsWith('no ')) return refusal(said.split(' ').slice(1), this.#shell.target);
    return this.#lost(timeoutMs);
  }

  async #lost(timeoutMs: number): Promise<StepResult> {
    this.#shell.kill();
    const end = await this.#shell.ended;
    const { target } = this.#shell;
    const said = this.#shell.lastWords(end);
    const words =
      end.kind === 'signaled'
        ? text(
            `${target} did not answer within ${timeoutMs / 1000} s. What it did is in its own journal.`,
            `${target} 在 ${timeoutMs / 1000} 秒内没有应答。它所做的一切都在其自身的日志中。`,
          )
        : text(
            `The login to ${target} was lost: the node ends the action under way and then stops. ${said}`.trim(),
            `与 ${target} 的连接已断开：该节点会完成正在执行的操作，然后停止。${said}`,
          );
    return { ok: false, code: 'lost', text: words };
  }
}

function refusal([kind = '', ...words]: readonly string[], target: string): StepResult {
  if (kind === 'locked') {
    const [operator = '', run = '', since = ''] = words;
    const lock: LockHolder = { operator: utf8(operator), run, sinceUnixSeconds: Number(since) };
    return {
      ok: false,
      code: 'locked',
      lock,
      text: text(
        `${lock.operator} holds ${target} for the run ${run}.`,
        `${lock.operator} 正为 ${run} 这次运行占用 ${target}。`,
      ),
    };
  }
  if (kind === 'gone') {
    const words = text(`${target} is not held by this run any more.`, `${target} 已不再由本次运行占用。`);
    return { ok: false, code: 'locked', text: words };
  }
  return {
    ok: false,
    code: kind === 'refused' ? 'refused' : 'failed',
    text: reasonText(utf8(words[0] ?? '')),
  };
}

function base64(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64');
}

function utf8(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8');
}
