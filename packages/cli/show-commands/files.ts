/** What an expert would type to have a file checked before it is used. */
import type { LintSubject } from '@clockwarden/core/lint';
import { text } from '@clockwarden/core/text';
import type { ShownCommand } from './print.ts';
import { quoted } from './words.ts';

const withoutComments = (file: string): ShownCommand => ({
  command: `grep -Ev '^[[:space:]]*([#!%;]|$)' ${quoted(file)}`,
  meaning: text('what it says, without comments', '去掉注释后的内容'),
});

const checks: Readonly<Record<LintSubject, (file: string) => readonly ShownCommand[]>> = {
  'chrony.conf': (file) => [
    chronydReads(file),
    withoutComments(file),
    {
      command: 'sudo chronyc accheck 10.0.0.11',
      meaning: text(
        'on a server that runs with it: would it serve that client (put in an address)',
        '在使用该文件的服务器上：它是否会向该客户端提供时间(请替换地址)',
      ),
    },
  ],
  'timesyncd.conf': (file) => [
    withoutComments(file),
    {
      command: 'systemd-analyze cat-config systemd/timesyncd.conf',
      meaning: text(
        'where it is in use: the file with every drop-in file, in the order in which they count',
        '在使用该文件的机器上：按生效顺序列出该文件及所有附加文件',
      ),
    },
    {
      command: 'journalctl -u systemd-timesyncd -b -p warning',
      meaning: text(
        'lines that timesyncd did not understand; it goes on without them',
        'timesyncd 无法理解的行；它会忽略这些行继续运行',
      ),
    },
  ],
  'ntp.conf': (file) => [
    withoutComments(file),
    {
      command: "journalctl -b -t ntpd -g 'config|line|syntax'",
      meaning: text(
        'ntpd has no dry run: it says what it did not understand when it starts',
        'ntpd 没有试运行：无法理解的内容在启动时才会报告',
      ),
    },
  ],
  'prometheus-rules': (file) => [
    {
      command: `promtool check rules ${quoted(file)}`,
      meaning: text(
        'whether Prometheus can read it; what its metrics mean no tool of Prometheus knows',
        'Prometheus 能否读取该文件；指标的含义没有任何 Prometheus 工具知道',
      ),
    },
  ],
  'clockwarden.yaml': (file) => [
    {
      command: `check-jsonschema --schemafile docs/reference/clockwarden.schema.json ${quoted(file)}`,
      meaning: text('hold it against the published schema', '按公布的 schema 检查'),
    },
  ],
};

export function commandsToCheckFile(subject: LintSubject, file: string): readonly ShownCommand[] {
  return checks[subject](file);
}

export function chronydReads(file: string): ShownCommand {
  return {
    command: `chronyd -p -f ${quoted(file)}`,
    meaning: text(
      'the configuration as chronyd reads it, or its first mistake (chrony ≥ 4.1)',
      'chronyd 实际读到的配置，或其第一个错误(chrony ≥ 4.1)',
    ),
  };
}
