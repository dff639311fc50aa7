/** An empty shell on a node that waits for a script: root's, where that is wanted and had. */
import { randomBytes } from 'node:crypto';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { type Failure, failure } from '@clockwarden/core/observe';
import { text } from '@clockwarden/core/text';
import { type ProgramEnd, startProgram } from '../child-process/index.ts';
import { failureOf } from '../ssh/index.ts';
import { doorScript } from './agent/door.ts';
import { Lines } from './lines.ts';
import type { NodeLogins, SharedLogin } from './logins.ts';

export interface NodeShell {
  readonly privilege: 'root' | 'sudo' | 'none';
  /** As a person would type it. */
  readonly target: string;
  readonly lines: Lines;
  /** The next line that is `words`; false: the session ended or was silent too long before. */
  hears(words: string): Promise<boolean>;
  write(words: string): void;
  endInput(): void;
  kill(): void;
  readonly ended: Promise<ProgramEnd>;
  /** Why the session gave nothing. `ready`: the script had begun. */
  explain(end: ProgramEnd, ready: boolean): Failure;
  /** The last that ssh or the node said of itself; empty: nothing. */
  lastWords(end: ProgramEnd): string;
}

export type OpenedShell =
  | { readonly ok: true; readonly shell: NodeShell }
  | { readonly ok: false; readonly failure: Failure };

export interface ShellOptions {
  readonly signal: AbortSignal;
  /** Of the whole session; absent: three times what a reading may take, since lists and firewalls are slower to ask than clocks. */
  readonly timeoutMs?: number;
  readonly maxOutputBytes: number;
  /** `never`: as the login itself, also where sudo would let it. Absent: as the policy has it. */
  readonly sudo?: 'auto' | 'never';
  /** Called when the node's side runs. */
  readonly answered: () => void;
}

export async function openShell(
  node: NodeSpec,
  logins: NodeLogins,
  options: ShellOptions,
): Promise<OpenedShell> {
  const shared = logins.open(node);
  if (shared === null) {
    const words = text(`${node.address} is no name for ssh.`, `${node.address} 不是 ssh 可用的名称。`);
    return { ok: false, failure: failure('unsupported', words) };
  }
  return new Door(shared, logins, options).open();
}

/** Our side of the conversation that agent/door.ts describes. */
class Door {
  readonly #login: SharedLogin;
  readonly #logins: NodeLogins;
  readonly #options: ShellOptions;
  /** Nobody can know it beforehand, so nobody can pretend that sudo asks. */
  readonly #prompt = `=${randomBytes(16).toString('hex')}:`;
  readonly #lines = new Lines();
  readonly #asks = new Lines();
  readonly #program: ReturnType<typeof startProgram>;
  #over = false;

  constructor(login: SharedLogin, logins: NodeLogins, options: ShellOptions) {
    this.#login = login;
    this.#logins = logins;
    this.#options = options;
    this.#program = startProgram('ssh', [...login.args, 'sh -s'], {
      timeoutMs: options.timeoutMs ?? this.#patienceMs,
      signal: options.signal,
      maxOutputBytes: options.maxOutputBytes,
      // ssh asks by a window where it finds no terminal; nobody sits there.
      env: { ...process.env, SSH_ASKPASS_REQUIRE: 'never', DISPLAY: undefined },
      onStdout: (bytes) => this.#lines.push(bytes),
      // The prompt ends no line: what stands behind each colon is enough.
      onStderr: (bytes) =>
        this.#asks.push(Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(':', ':\n'))),
    });
    void this.#program.ended.then(() => {
      this.#over = true;
      this.#lines.end();
      this.#asks.end();
    });
  }

  async open(): Promise<OpenedShell> {
    this.#program.write(doorScript);
    const here = await this.#hear((line) => line === 'clockwarden-door 1');
    if (!here) return this.#fail(false);
    this.#options.answered();
    const sudo = this.#options.sudo ?? this.#logins.config.sudo;
    const how = sudo === 'never' ? 'never' : this.#logins.sudoPassword === undefined ? 'auto' : 'password';
    this.#program.write(`${how} ${this.#prompt}\n`);
    const found = await this.#lines.find((line) => this.#answer(line), this.#patienceMs);
    switch (found) {
      case 'root':
      case 'sudo':
      case 'none':
        return { ok: true, shell: this.#shell(found) };
      case 'password':
        return this.#password();
      default:
        return this.#fail(true);
    }
  }

  get #patienceMs(): number {
    return this.#logins.config.timeoutSeconds * 3_000;
  }

  async #hear(isIt: (line: string) => boolean): Promise<boolean> {
    return (await this.#lines.find((line) => isIt(line) || null, this.#patienceMs)) ?? false;
  }

  #answer(line: string): string | null {
    return line.startsWith(`${this.#prompt} `) ? line.slice(this.#prompt.length + 1) : null;
  }

  async #password(): Promise<OpenedShell> {
    const asked = (): Promise<true | null> =>
      this.#asks.find((line) => line.endsWith(this.#prompt) || null, this.#patienceMs);
    if (!(await asked())) return this.#fail(true);
    // Then a line that only a shell understands: sudo says nothing when it is content.
    this.#program.write(`${this.#logins.sudoPassword}\necho '${this.#prompt} in'\n`);
    const isIn = this.#lines.find((line) => (this.#answer(line) === 'in' ? true : null), this.#patienceMs);
    const asksAgain = asked().then(() => null);
    if (await Promise.race([isIn, asksAgain])) return { ok: true, shell: this.#shell('sudo') };
    this.#program.kill();
    const { target } = this.#login.login;
    return {
      ok: false,
      failure: failure(
        'unauthorized',
        text(`sudo on ${target} does not accept the password.`, `${target} 上的 sudo 不接受该密码。`),
        text(
          'It is asked once for all nodes: use the same account everywhere, or a key with `sudo -n`.',
          '该密码对所有节点只询问一次：请在各节点使用同一账户，或改用密钥和 `sudo -n`。',
        ),
      ),
    };
  }

  #shell(privilege: NodeShell['privilege']): NodeShell {
    const program = this.#program;
    return {
      privilege,
      target: this.#login.login.target,
      lines: this.#lines,
      hears: (words) => this.#hear((line) => line === words),
      write: program.write,
      endInput: program.endInput,
      kill: program.kill,
      ended: program.ended,
      explain: (end, ready) => this.#explain(end, ready),
      lastWords: (end) => lastWords(`${this.#login.log()}\n${end.stderr}`),
    };
  }

  async #fail(ready: boolean): Promise<OpenedShell> {
    const late = !this.#over;
    this.#program.kill();
    const end = await this.#program.ended;
    return { ok: false, failure: this.#explain(late ? { ...end, kind: 'timed-out' } : end, ready) };
  }

  #explain(end: ProgramEnd, ready: boolean): Failure {
    const said = { ...end, stderr: `${this.#login.log()}\n${end.stderr}` };
    return failureOf(said, ready, this.#login.login, this.#logins.config.timeoutSeconds * 3);
  }
}

function lastWords(said: string): string {
  const line =
    said
      .split(/\r?\n/)
      .findLast(
        (one) =>
          one !== '' && !/^(?:debug\d:|OpenSSH_|OpenSSL |Authenticated to|Transferred:|Bytes per)/.test(one),
      ) ?? '';
  return line
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
