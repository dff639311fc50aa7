import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { completionScript, shells } from './completion/scripts.ts';
import { buildProgram, languageOf } from './program.ts';

const build = (language: 'en' | 'zh-CN', ...line: readonly string[]): Promise<Command> =>
  buildProgram(language, new AbortController().signal, () => undefined, line);

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (words) => (help += words) });
  command.outputHelp();
  return help;
}

const whole = { en: await build('en'), 'zh-CN': await build('zh-CN') };
const namesOf = (program: Command): readonly string[] => program.commands.map((command) => command.name());
const names = namesOf(whole.en);

test.each(names)('%s has its help in both languages, with an example', (name) => {
  const [english, chinese] = (['en', 'zh-CN'] as const).map((language) => {
    const command = whole[language].commands.find((candidate) => candidate.name() === name);
    if (command === undefined) throw new Error('it is there in both');
    return { command, help: helpOf(command) };
  });
  if (english === undefined || chinese === undefined) throw new Error('two languages');
  expect(english.help).not.toMatch(/[\u4e00-\u9fff]/);
  for (const option of chinese.command.options) expect(option.description).toMatch(/[\u4e00-\u9fff]/);
  expect(chinese.command.description()).toMatch(/[\u4e00-\u9fff]/);
  if (name !== 'version') expect(english.help).toContain('Examples:');
});

test.each(['check', 'query', 'chrony', 'explain', 'serve', 'init', 'lint', 'plan', 'render'])(
  '%s can show what an expert would type',
  (name) => {
    const command = whole.en.commands.find((candidate) => candidate.name() === name);
    expect(command?.options.map(({ long }) => long)).toContain('--show-commands');
  },
);

test('the language is that of --lang, else of the locale', () => {
  expect(languageOf(['check', '--lang', 'zh-CN'], {})).toBe('zh-CN');
  expect(languageOf(['--lang=en', 'check'], { LANG: 'zh_CN.UTF-8' })).toBe('en');
  expect(languageOf(['check'], { LANG: 'zh_CN.UTF-8' })).toBe('zh-CN');
  expect(languageOf(['check'], { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' })).toBe('en');
  expect(languageOf(['check'], {})).toBe('en');
});

test.each(shells)('completion for %s knows every command and global option', (shell) => {
  const script = completionScript(shell, whole.en);
  for (const name of names) expect(script).toContain(name);
  for (const option of ['config', 'lang', 'watch', 'fail-on']) expect(script).toContain(option);
});

test('a command line gets the command that it names, and no other', async () => {
  for (const name of names) {
    expect(namesOf(await build('en', name, '--watch'))).toEqual(name === 'completion' ? names : [name]);
  }
  expect(namesOf(await build('en', '--config', 'lint', '--json', 'plan', 'check'))).toEqual(['plan']);
});

test.each([[], ['--help'], ['help', 'lint'], ['linnt', 'lint'], ['constructor']])(
  '%j gets all commands: the help and the suggestion need them',
  async (...line) => {
    expect(namesOf(await build('en', ...line))).toEqual(names);
  },
);
