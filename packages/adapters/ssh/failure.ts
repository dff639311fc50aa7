/** What ssh's last words mean. Messages of OpenSSH 7.4 (el7) to 10; they are never translated. */
import { type Failure, type FailureCode, failure } from '@clockwarden/core/observe';
import { formatDuration, type Text, text } from '@clockwarden/core/text';
import type { ProgramEnd } from '../child-process/index.ts';
import type { Login } from './command-line.ts';

interface Row {
  readonly pattern: RegExp;
  readonly code: FailureCode;
  readonly text: (login: Login, said: string, stderr: string) => Text;
  readonly hint?: (login: Login, stderr: string) => Text;
}

/** The first that fits. */
const rows: readonly Row[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED|HOST KEY .*REVOKED/,
    code: 'unauthorized',
    text: ({ target }, _, stderr) =>
      text(
        `${target} showed a host key other than the one on record${shownKey(stderr, 'en')}. Someone may stand in between, or the node was reinstalled. Nothing was sent.`,
        `${target} 出示的主机密钥与记录不符${shownKey(stderr, 'zh-CN')}。可能有人在中间，也可能节点被重装过。未发送任何内容。`,
      ),
    hint: ({ acceptCommand }, stderr) => {
      const record = /Offending .*key in (\S+?):?(\d+)?\s*$/m.exec(stderr);
      const where = record === null ? 'known_hosts' : `${record[1]}${record[2] ? `:${record[2]}` : ''}`;
      return text(
        `Ask the node's owner for its fingerprint. If it is right, remove the old key (${where}), then: ${acceptCommand}`,
        `向节点管理员核对指纹。确认无误后，删除旧密钥(${where})，再执行：${acceptCommand}`,
      );
    },
  },
  {
    pattern: /host key is known for|Host key verification failed/,
    code: 'unauthorized',
    text: ({ target }, said, stderr) => {
      const host = /host key is known for (\S+)/.exec(said)?.[1] ?? target;
      return text(
        `The host key of ${host} is not known${shownKey(stderr, 'en')}; nobody was trusted.`,
        `${host} 的主机密钥未知${shownKey(stderr, 'zh-CN')}，未予信任。`,
      );
    },
    hint: ({ acceptCommand }) =>
      text(`To be shown the fingerprint and accept it: ${acceptCommand}`, `查看指纹并接受：${acceptCommand}`),
  },
  {
    pattern: /Permission denied|Too many authentication failures|No more authentication methods/,
    code: 'unauthorized',
    text: ({ target }, said) => text(`${target} does not let us in: ${said}`, `${target} 拒绝登录：${said}`),
    hint: ({ copyKeyCommand }) =>
      text(
        `Install your public key there (${copyKeyCommand}), load it into the agent, or name user and key under sources.ssh.`,
        `把公钥安装到该节点(${copyKeyCommand})，或加载到 agent，或在 sources.ssh 中指定用户和密钥。`,
      ),
  },
  {
    pattern: /password has expired|Password change required|account (?:has expired|is locked)/i,
    code: 'unauthorized',
    text: ({ target }, said) =>
      text(`${target}: the account cannot be used: ${said}`, `${target}：账户不可用：${said}`),
  },
  {
    pattern: /Connection refused/,
    code: 'refused',
    text: ({ target }) =>
      text(
        `${target} refuses connections: no ssh server listens there.`,
        `${target} 拒绝连接：该端口没有 ssh 服务。`,
      ),
  },
  {
    pattern: /Could not resolve hostname|Name or service not known/,
    code: 'unreachable',
    text: ({ host }) => text(`The name ${host} is not known.`, `无法解析主机名 ${host}。`),
  },
  {
    pattern: /timed out|No route to host|Network is unreachable|Host is down|Connection to .* timeout/i,
    code: 'unreachable',
    text: ({ target }, said) => text(`${target} does not answer: ${said}`, `${target} 无应答：${said}`),
  },
  {
    pattern:
      /Unable to negotiate|no matching .* found|Protocol major versions differ|invalid format|incompatible/i,
    code: 'unsupported',
    text: ({ target }, said) =>
      text(
        `${target} and this ssh have no algorithm in common: ${said}`,
        `${target} 与本机 ssh 没有共同的算法：${said}`,
      ),
  },
  {
    pattern:
      /Bad configuration option|terminating, \d+ bad|Bad owner or permissions|Can't open user config|illegal option|unknown option|usage: ssh/i,
    code: 'unsupported',
    text: (_, said) => text(`ssh does not accept its options: ${said}`, `ssh 不接受其选项：${said}`),
    hint: () =>
      text(
        'Look at sources.ssh (configFile, extraArguments), ansible_ssh_common_args and ~/.ssh/config.',
        '检查 sources.ssh(configFile、extraArguments)、ansible_ssh_common_args 和 ~/.ssh/config。',
      ),
  },
  {
    pattern:
      /Connection (?:closed|reset)|kex_exchange_identification|Broken pipe|Exceeded MaxStartups|Not allowed at this time/,
    code: 'refused',
    text: ({ target }, said) => text(`${target} hung up: ${said}`, `${target} 断开了连接：${said}`),
  },
];

/** Why a session gave nothing. `ready`: the script had begun. */
export function failureOf(end: ProgramEnd, ready: boolean, login: Login, timeoutSeconds: number): Failure {
  const { target } = login;
  if (end.kind === 'not-started') return notStarted(end.reason);
  if (end.kind === 'too-much-output') {
    return failure('malformed', text(`${target} printed without end.`, `${target} 的输出没有尽头。`));
  }
  if (end.kind === 'timed-out') {
    const limit = formatDuration(timeoutSeconds);
    return failure(
      'unreachable',
      ready
        ? text(
            `${target} let us in and then fell silent for ${limit}.`,
            `${target} 登录后 ${limit} 内没有应答。`,
          )
        : text(`${target} did not answer within ${limit}.`, `${target} 在 ${limit} 内没有应答。`),
    );
  }
  const said = lastWords(end.stderr);
  if (ready) {
    return failure(
      'malformed',
      text(
        `${target} ended before it told its clock. ${said}`.trim(),
        `${target} 在给出时钟之前就结束了。${said}`,
      ),
    );
  }
  const row = rows.find(({ pattern }) => pattern.test(plain(end.stderr)));
  if (row !== undefined) {
    const line = plain(end.stderr)
      .split('\n')
      .find((one) => row.pattern.test(one));
    return failure(row.code, row.text(login, tidy(line ?? said), end.stderr), row.hint?.(login, end.stderr));
  }
  // 255 is ssh's own; any other status is of what ran on the node instead of the script.
  if (end.kind === 'exited' && end.code !== 255) return noShell(login, end, said);
  return failure('unreachable', text(`ssh ${target} failed: ${said}`, `ssh ${target} 失败：${said}`));
}

function notStarted(reason: string): Failure {
  return failure(
    'unsupported',
    text(`ssh cannot be started on this machine: ${reason}.`, `本机无法启动 ssh:${reason}。`),
    text(
      'Install the OpenSSH client (openssh-client, openssh-clients).',
      '安装 OpenSSH 客户端(openssh-client、openssh-clients)。',
    ),
  );
}

function noShell({ target }: Login, end: ProgramEnd, said: string): Failure {
  const words = tidy(end.stdout.trim().split('\n').at(-1) ?? '') || said;
  return failure(
    'unsupported',
    text(
      `${target} let us in but ran no POSIX shell: ${words}`,
      `已登录 ${target}，但没有运行 POSIX shell:${words}`,
    ),
    text(
      'The user needs a login shell, and no ForceCommand in its way.',
      '该用户需要可登录的 shell，且没有 ForceCommand 限制。',
    ),
  );
}

/** The key that the host showed, from `debug1: Server host key: ssh-ed25519 SHA256:…`. */
function shownKey(stderr: string, language: 'en' | 'zh-CN'): string {
  const key = /Server host key: (\S{1,64} \S{1,128})/.exec(stderr)?.[1];
  if (key === undefined) return '';
  return language === 'en' ? ` (it showed ${key})` : `(它出示的是 ${key})`;
}

/** Without the lines that -v adds. */
function plain(stderr: string): string {
  return stderr
    .split(/\r?\n/)
    .filter(
      (line) =>
        !/^(?:debug[123]:|OpenSSH_|OpenSSL |Authenticated to|Transferred:|Bytes per second)/.test(line),
    )
    .join('\n');
}

function lastWords(stderr: string): string {
  return tidy(plain(stderr).trim().split('\n').at(-1) ?? '');
}

/** One line from elsewhere, fit to be shown. */
function tidy(line: string): string {
  return line
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
