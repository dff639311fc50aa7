/** commander's own words in Chinese; it knows English only. What is not listed stays as it is. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown command '(.*)'/, "错误：未知命令 '$1'"],
  [/^error: unknown option '(.*)'/, "错误：未知选项 '$1'"],
  [/^error: missing required argument '(.*)'/, "错误：缺少参数 '$1'"],
  [/^error: option '(.*)' argument missing/, "错误：选项 '$1' 缺少参数"],
  [/^error: option '(.*)' argument '(.*)' is invalid\. ?/, "错误：选项 '$1' 的参数 '$2' 无效。"],
  [
    /^error: command-argument value '(.*)' is invalid for argument '(.*)'\. ?/,
    "错误：参数 '$2' 的值 '$1' 无效。",
  ],
  [
    /^error: option '(.*)' value '(.*)' from env '(.*)' is invalid\. ?/,
    "错误：环境变量 '$3' 给选项 '$1' 的值 '$2' 无效。",
  ],
  [
    /^error: too many arguments(?: for '(.*)')?\. Expected (\d+) arguments? but got (\d+)(?:: .*)?\./,
    '错误：参数过多，需要 $2 个，给出了 $3 个。',
  ],
  [/Allowed choices are (.*?)\.$/m, '可选值：$1。'],
  [/\(Did you mean one of (.*)\?\)/, '(是否想输入以下之一：$1?)'],
  [/\(Did you mean (.*)\?\)/, '(是否想输入 $1?)'],
  [/\(choices: /, '(可选：'],
  [/\(default: /, '(默认：'],
  [/\(env: /, '(环境变量：'],
  [/, default: /, ',默认：'],
  [/, env: /, ',环境变量：'],
];

export function commanderWordsInChinese(english: string): string {
  return phrases.reduce((words, [pattern, chinese]) => words.replace(pattern, chinese), english);
}
