/** What every command knows about the person in front of it. Only main.ts ends the process. */
import { type Language, localized, type Text } from '@clockwarden/core/text';
import type { Command } from 'commander';
import pc from 'picocolors';

export interface GlobalOptions {
  readonly config?: string;
  readonly inventory?: string;
  readonly json?: boolean;
  readonly lang?: Language;
  readonly color?: boolean;
  readonly timeout?: number;
}

/** What standard output is, for whoever draws on it. A terminal that does not know its size says 0, or nothing. */
interface Screen {
  readonly columns?: number;
  readonly rows?: number;
  write(words: string): unknown;
}

export interface CliContext {
  readonly language: Language;
  readonly json: boolean;
  readonly color: ReturnType<typeof pc.createColors>;
  /** A person looks at standard output (colours, widths, live updates). */
  readonly interactive: boolean;
  readonly screen: Screen;
  /** --config, or undefined: clockwarden.yaml of the working directory if there is one, else this machine. */
  readonly configPath: string | undefined;
  /** -i/--inventory: an inventory used in place of the configuration's own nodes. */
  readonly inventoryPath: string | undefined;
  /** --timeout in seconds, or undefined: each source's own. */
  readonly timeoutSeconds: number | undefined;
  /** Aborted by Ctrl-C and SIGTERM; commands clean up and return. */
  readonly signal: AbortSignal;
  /** The text in the language of the person. */
  t(text: Text): string;
  /** One line to standard output. */
  print(line: string): void;
  /** One line to standard error: notes and progress, never data. */
  note(line: string): void;
}

/** zh-CN for Chinese locales, else English (POSIX: LC_ALL, LC_MESSAGES, LANG in this order). */
export function defaultLanguage(environment: Readonly<Record<string, string | undefined>>): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/** The context of a command from its global options, wherever on the line they stand. */
export function contextOf(command: Command, signal: AbortSignal): CliContext {
  const options = command.optsWithGlobals<GlobalOptions>();
  const language = options.lang ?? defaultLanguage(process.env);
  const interactive = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  const colored = options.color !== false && interactive && process.env.NO_COLOR === undefined;
  return {
    language,
    json: options.json === true,
    color: pc.createColors(colored),
    interactive,
    screen: process.stdout,
    configPath: options.config,
    inventoryPath: options.inventory,
    timeoutSeconds: options.timeout,
    signal,
    t: (text) => localized(text, language),
    print: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
  };
}

/** The global options as `loadPolicy` wants them. */
export function policyOptions(context: CliContext): {
  readonly cwd: string;
  readonly configPath: string | undefined;
  readonly inventoryPath: string | undefined;
  readonly timeoutSeconds: number | undefined;
} {
  const { configPath, inventoryPath, timeoutSeconds } = context;
  return { cwd: process.cwd(), configPath, inventoryPath, timeoutSeconds };
}
