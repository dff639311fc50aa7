/** Completion scripts written from the program itself, so that they cannot fall behind it. */
import type { Command, Option } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;

interface Words {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Option[];
}

export function completionScript(shell: (typeof shells)[number], program: Command): string {
  const global = program.options;
  const commands: readonly Words[] = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [...command.options, ...global],
  }));
  const all = [{ name: '', description: '', options: global }, ...commands];
  return shell === 'bash' ? bash(all) : shell === 'zsh' ? zsh(all) : fish(commands, global);
}

function flags(option: Option): readonly string[] {
  return [option.short, option.long].filter((flag) => flag !== undefined && flag !== null);
}

/** Options whose next word is one of a fixed list: `--lang` → `en zh-CN`. */
function choiceCases(all: readonly Words[]): string {
  const seen = new Map<string, string>();
  for (const option of all.flatMap((words) => words.options)) {
    if (option.argChoices !== undefined) seen.set(flags(option).join('|'), option.argChoices.join(' '));
  }
  return [...seen]
    .map(([names, choices]) => `    ${names}) COMPREPLY=($(compgen -W '${choices}' -- "$word")); return ;;`)
    .join('\n');
}

function bash(all: readonly Words[]): string {
  const names = all.flatMap((words) => (words.name === '' ? [] : [words.name]));
  const cases = all
    .map(
      (words) =>
        `    ${words.name === '' ? "''" : words.name}) options='${words.options.flatMap(flags).join(' ')} -h --help' ;;`,
    )
    .join('\n');
  return `# bash completion for clockwarden
_clockwarden() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' options='' i
  COMPREPLY=()
  case "$previous" in
${choiceCases(all)}
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
    ${names.join('|')}) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  case "$command" in
${cases}
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -z "$command" ]]; then
    COMPREPLY=($(compgen -W '${names.join(' ')}' -- "$word"))
  elif [[ "$command" == completion ]]; then
    COMPREPLY=($(compgen -W '${shells.join(' ')}' -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _clockwarden clockwarden`;
}

function zsh(all: readonly Words[]): string {
  return `#compdef clockwarden
autoload -U +X bashcompinit && bashcompinit
${bash(all)}`;
}

function fish(commands: readonly Words[], global: readonly Option[]): string {
  const quoted = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const optionLine = (condition: string, option: Option): string =>
    [
      'complete -c clockwarden',
      condition,
      option.short ? `-s ${option.short.replace(/^-/, '')}` : '',
      option.long ? `-l ${option.long.replace(/^--/, '')}` : '',
      option.required ? '-r' : '',
      option.argChoices === undefined ? '' : `-f -a ${quoted(option.argChoices.join(' '))}`,
      `-d ${quoted(option.description)}`,
    ]
      .filter((part) => part !== '')
      .join(' ');
  return [
    '# fish completion for clockwarden',
    ...global.map((option) => optionLine('', option)),
    ...commands.map(
      ({ name, description }) =>
        `complete -c clockwarden -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ),
    ...commands.flatMap(({ name, options }) =>
      options
        .filter((option) => !global.includes(option))
        .map((option) => optionLine(`-n '__fish_seen_subcommand_from ${name}'`, option)),
    ),
  ].join('\n');
}
