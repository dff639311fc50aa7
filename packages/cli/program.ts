import { errorTable } from '@clockwarden/core/errors';
import { type Language, languages, localized, text } from '@clockwarden/core/text';
import { Command, InvalidArgumentError, Option } from 'commander';
import { commanderWordsInChinese } from './commander-words.ts';
import { type CommandSetup, commandsFor } from './commands/registry.ts';
import { contextOf, defaultLanguage } from './terminal/index.ts';

/**
 * Builds the program without running it, so that tests and completion can look at it: with the command that the words
 * of a command line name, or with all of them. Throws CommanderError when a global option among the words is wrong.
 */
export async function buildProgram(
  language: Language,
  signal: AbortSignal,
  setExitCode: (code: number) => void,
  line: readonly string[] = [],
): Promise<Command> {
  const setup: CommandSetup = {
    t: (words) => localized(words, language),
    run:
      (action) =>
      async (...args) => {
        const command = args[args.length - 1] as unknown as Command;
        setExitCode(await action(contextOf(command, signal), ...args));
      },
  };
  // Commands inherit how help and errors are written, so this comes before them.
  const program = localizeHelp(globalOptions(new Command('clockwarden'), setup), setup, language);
  const [name] = program.parseOptions([...line]).operands;
  for (const register of await commandsFor(name)) register(program, setup);
  return program;
}

/** The language of help and texts must be known before the command line is parsed: --lang, else the locale. */
export function languageOf(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const wanted = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  return languages.find((language) => language === wanted) ?? defaultLanguage(environment);
}

function globalOptions(program: Command, { t }: CommandSetup): Command {
  return program
    .description(
      t(
        text(
          'Gives a Kubernetes cluster one time, and proves it.',
          '让 Kubernetes 集群拥有统一的时间，并加以证明。',
        ),
      ),
    )
    .addOption(
      new Option('-c, --config <file>', t(text('clockwarden.yaml to use', '使用的 clockwarden.yaml'))).env(
        'CLOCKWARDEN_CONFIG',
      ),
    )
    .option(
      '-i, --inventory <file>',
      t(
        text('take the nodes from this Ansible or kubeasz inventory', '从该 Ansible 或 kubeasz 清单读取节点'),
      ),
    )
    .option('--json', t(text('print JSON for programs instead of text for people', '输出供程序使用的 JSON')))
    .addOption(
      new Option(
        '--lang <language>',
        t(text('language of texts (default: from the locale)', '文本语言(默认取自 locale)')),
      ).choices([...languages]),
    )
    .option(
      '--no-color',
      t(text('print without colours (NO_COLOR does the same)', '不使用颜色(NO_COLOR 同效)')),
    )
    .option(
      '--timeout <seconds>',
      t(text('how long one reading of one node may take', '单个节点单次读取的最长时间(秒)')),
      positiveSeconds(t),
    )
    .addHelpText(
      'after',
      `\n${t(
        text(
          `Exit codes: 0 ok, 1 warning, 2 critical, 3 undetermined or unreachable; ${errorTable.usage.exitCode} and above: usage, configuration and other errors.`,
          `退出码：0 正常，1 警告，2 严重，3 无法判定或不可达；${errorTable.usage.exitCode} 及以上：用法、配置及其他错误。`,
        ),
      )}`,
    );
}

function localizeHelp(program: Command, { t }: CommandSetup, language: Language): Command {
  const say = (english: string): string => (language === 'en' ? english : commanderWordsInChinese(english));
  const titles: Readonly<Record<string, string>> = {
    'Usage:': t(text('Usage:', '用法：')),
    'Arguments:': t(text('Arguments:', '参数：')),
    'Options:': t(text('Options:', '选项：')),
    'Global Options:': t(text('Global Options:', '全局选项：')),
    'Commands:': t(text('Commands:', '命令：')),
  };
  return program
    .configureHelp({
      styleTitle: (title) => titles[title] ?? title,
      styleOptionDescription: say,
      styleArgumentDescription: say,
      showGlobalOptions: true,
    })
    .configureOutput({ outputError: (words, write) => write(say(words)) })
    .helpOption('-h, --help', t(text('show this help', '显示本帮助')))
    .showHelpAfterError(t(text('(--help shows how)', '(--help 查看用法)')))
    .showSuggestionAfterError()
    .helpCommand('help [command]', t(text('show the help of a command', '显示某个命令的帮助')))
    .exitOverride();
}

function positiveSeconds(t: CommandSetup['t']): (value: string) => number {
  return (value) => {
    const seconds = Number(value);
    if (Number.isFinite(seconds) && seconds > 0) return seconds;
    throw new InvalidArgumentError(t(text('A number of seconds above 0 is wanted.', '需要大于 0 的秒数。')));
  };
}
