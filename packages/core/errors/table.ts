/**
 * Every error that an operator can cause or meet, in one table. A test ties it to docs/reference/errors.md. Bugs are
 * not here: they throw ordinary errors and end the process with 70 (sysexits EX_SOFTWARE).
 */
import { type Text, text } from '../text/index.ts';

export interface ErrorRow {
  /** Process exit code: 64 usage, 65 bad data, 66 file missing, 69 unavailable, 73 cannot create, 77 no permission, 78 config (sysexits.h). */
  readonly exitCode: 64 | 65 | 66 | 69 | 73 | 77 | 78;
  readonly httpStatus: number;
  readonly summary: Text;
  readonly hint: Text;
}

export const errorTable = {
  usage: {
    exitCode: 64,
    httpStatus: 400,
    summary: text('The command line is not understood.', '无法理解该命令行。'),
    hint: text(
      'See `clockwarden COMMAND --help`; each help ends in examples.',
      '参见 `clockwarden COMMAND --help`，每份帮助的末尾都有示例。',
    ),
  },
  'config-not-found': {
    exitCode: 66,
    httpStatus: 500,
    summary: text('The configuration file does not exist.', '配置文件不存在。'),
    hint: text(
      'Create one with `clockwarden init`, or name another with --config.',
      '用 `clockwarden init` 创建，或用 --config 指定其他文件。',
    ),
  },
  'config-unreadable': {
    exitCode: 77,
    httpStatus: 500,
    summary: text('The configuration file cannot be read.', '无法读取配置文件。'),
    hint: text(
      'Check the owner and mode of the file and of its folders.',
      '检查该文件及其所在目录的属主和权限。',
    ),
  },
  'config-invalid': {
    exitCode: 78,
    httpStatus: 422,
    summary: text('The configuration has mistakes.', '配置有误。'),
    hint: text(
      'Each mistake is listed with its line and column. docs/reference/configuration.md explains every key.',
      '每处错误都列出了行号和列号。docs/reference/configuration.zh-CN.md 解释了每个键。',
    ),
  },
  'inventory-not-found': {
    exitCode: 66,
    httpStatus: 500,
    summary: text('The inventory file does not exist.', '主机清单文件不存在。'),
    hint: text(
      '`inventory:` is relative to the folder of clockwarden.yaml.',
      '`inventory:` 相对于 clockwarden.yaml 所在的目录。',
    ),
  },
  'inventory-invalid': {
    exitCode: 65,
    httpStatus: 422,
    summary: text('The inventory has mistakes.', '主机清单有误。'),
    hint: text('Each mistake is listed with its line.', '每处错误都列出了行号。'),
  },
  'secret-unreadable': {
    exitCode: 77,
    httpStatus: 500,
    summary: text('A file that holds a secret cannot be read.', '无法读取存放密钥的文件。'),
    hint: text(
      'The file must exist and be readable by the user that runs clockwarden.',
      '该文件必须存在，并且运行 clockwarden 的用户可以读取。',
    ),
  },
  'secret-not-shown': {
    exitCode: 77,
    httpStatus: 403,
    summary: text('What holds a key is not printed.', '含有密钥的内容不会打印。'),
    hint: text(
      'Write it into a folder with --out, where others cannot read it.',
      '请用 --out 写入目录，其他人无法读取该文件。',
    ),
  },
  'design-impossible': {
    exitCode: 78,
    httpStatus: 422,
    summary: text('The wanted time has no design.', '无法按配置得出时间同步方案。'),
    hint: text(
      'Change the `timesync:` block of clockwarden.yaml.',
      '请修改 clockwarden.yaml 的 `timesync:` 配置块。',
    ),
  },
  'input-unreadable': {
    exitCode: 66,
    httpStatus: 400,
    summary: text('The input cannot be read.', '无法读取输入。'),
    hint: text(
      'Name an existing file, or - for standard input.',
      '请指定一个存在的文件，或用 - 表示标准输入。',
    ),
  },
  'input-unrecognized': {
    exitCode: 65,
    httpStatus: 400,
    summary: text('This text is not output that Clockwarden knows.', '这段文本不是 Clockwarden 认识的输出。'),
    hint: text(
      'Known: chronyc, timedatectl, ntpq -p, ntpdate -q, adjtimex. Paste the whole output, headings included.',
      '支持：chronyc、timedatectl、ntpq -p、ntpdate -q、adjtimex。请粘贴完整输出，包括表头。',
    ),
  },
  'plan-not-found': {
    exitCode: 66,
    httpStatus: 404,
    summary: text('There is no such plan.', '没有这个计划文件。'),
    hint: text(
      'Write one with `clockwarden plan --out FILE`; without a file `apply` plans by itself.',
      '用 `clockwarden plan --out FILE` 生成；不指定文件时，`apply` 会自行制定计划。',
    ),
  },
  'plan-invalid': {
    exitCode: 65,
    httpStatus: 422,
    summary: text(
      'This file is not a plan that Clockwarden can perform.',
      '该文件不是 Clockwarden 可以执行的计划。',
    ),
    hint: text(
      'Write a new one with `clockwarden plan --out FILE`.',
      '请用 `clockwarden plan --out FILE` 重新生成。',
    ),
  },
  'needs-answer': {
    exitCode: 64,
    httpStatus: 400,
    summary: text(
      'A question must be answered, and no person is at a terminal.',
      '需要回答一个问题，但终端前没有人。',
    ),
    hint: text(
      'Run it at a terminal, or answer beforehand as the detail says.',
      '请在终端中运行，或按详细信息所说预先作答。',
    ),
  },
  'no-such-run': {
    exitCode: 66,
    httpStatus: 404,
    summary: text('There is no such run.', '没有这次运行。'),
    hint: text(
      '`clockwarden history` lists the runs with their numbers.',
      '`clockwarden history` 会列出各次运行及其编号。',
    ),
  },
  'file-exists': {
    exitCode: 73,
    httpStatus: 409,
    summary: text('The file exists already; nothing was written.', '文件已存在，未写入任何内容。'),
    hint: text('Choose another name, or add --force to replace it.', '换一个文件名，或加上 --force 覆盖它。'),
  },
  'cannot-write': {
    exitCode: 73,
    httpStatus: 500,
    summary: text('The file cannot be written.', '无法写入文件。'),
    hint: text('Check the folder, its mode and the free space.', '检查目录、权限和剩余空间。'),
  },
  'address-in-use': {
    exitCode: 69,
    httpStatus: 500,
    summary: text('Another program listens on this address already.', '该地址已被其他程序监听。'),
    hint: text(
      'Choose another with --listen, or end the other program.',
      '用 --listen 换一个地址，或结束另一个程序。',
    ),
  },
  'unsafe-listen': {
    exitCode: 78,
    httpStatus: 500,
    summary: text(
      'Listening beyond this machine is refused without authentication and TLS.',
      '没有认证和 TLS 时，拒绝监听本机以外的地址。',
    ),
    hint: text(
      'Give `console.tokenFile` or `console.passwordHash`, and either `console.tls` or --behind-proxy.',
      '请设置 `console.tokenFile` 或 `console.passwordHash`，并设置 `console.tls` 或使用 --behind-proxy。',
    ),
  },
  'store-newer': {
    exitCode: 65,
    httpStatus: 500,
    summary: text(
      'The history was written by a newer Clockwarden; it was left untouched.',
      '历史数据由更新版本的 Clockwarden 写入，未作任何改动。',
    ),
    hint: text(
      'Upgrade Clockwarden, or name another file with `history.path`.',
      '升级 Clockwarden，或用 `history.path` 指定另一个文件。',
    ),
  },
  'store-unusable': {
    exitCode: 65,
    httpStatus: 500,
    summary: text('The history file is not a Clockwarden history.', '该文件不是 Clockwarden 的历史数据。'),
    hint: text(
      'Name another file with `history.path`; this one was left untouched.',
      '用 `history.path` 指定另一个文件；原文件未作改动。',
    ),
  },
  'source-unavailable': {
    exitCode: 69,
    httpStatus: 503,
    summary: text('A source of readings cannot be used on this machine.', '本机无法使用该数据来源。'),
    hint: text('The detail names what is missing.', '详细信息说明了缺少什么。'),
  },
  unauthorized: {
    exitCode: 77,
    httpStatus: 401,
    summary: text('Authentication is required.', '需要认证。'),
    hint: text(
      'Log in, or send the token as `Authorization: Bearer …`.',
      '请登录，或以 `Authorization: Bearer …` 发送令牌。',
    ),
  },
  forbidden: {
    exitCode: 77,
    httpStatus: 403,
    summary: text('This request is not allowed.', '不允许该请求。'),
    hint: text('The detail names the check that refused it.', '详细信息说明了是哪项检查拒绝了它。'),
  },
  'too-many-requests': {
    exitCode: 69,
    httpStatus: 429,
    summary: text('Too many attempts.', '尝试次数过多。'),
    hint: text('Wait as long as Retry-After says.', '请按 Retry-After 的时间等待。'),
  },
  'too-many-consoles': {
    exitCode: 69,
    httpStatus: 503,
    summary: text(
      'A hundred consoles are connected; there is no room for more.',
      '已有一百个控制台连接，无法再接受更多。',
    ),
    hint: text('Close some of them, then try again.', '请先关闭一部分，再重试。'),
  },
  'not-found': {
    exitCode: 66,
    httpStatus: 404,
    summary: text('There is no such thing here.', '没有这个对象。'),
    hint: text('Check the name; names are case-sensitive.', '检查名称；名称区分大小写。'),
  },
  'bad-request': {
    exitCode: 64,
    httpStatus: 400,
    summary: text('The request is not understood.', '无法理解该请求。'),
    hint: text('/api/openapi.json describes every request.', '/api/openapi.json 描述了每个请求。'),
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

export interface OperatorErrorDetails {
  /** Where: a file, an address, an option. */
  readonly where?: string;
  readonly line?: number;
  readonly column?: number;
  /** What exactly, beyond the summary of the table. */
  readonly detail?: Text;
}

/** An expected failure that the operator can mend. `message` is English; screens use the table and the details. */
export class OperatorError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly OperatorErrorDetails[];

  constructor(code: ErrorCode, ...details: readonly OperatorErrorDetails[]) {
    super([errorTable[code].summary.en, ...details.map(describeInEnglish)].join(' '));
    this.name = 'OperatorError';
    this.code = code;
    this.details = details;
  }
}

function describeInEnglish(details: OperatorErrorDetails): string {
  const position =
    details.line === undefined
      ? ''
      : `:${details.line}${details.column === undefined ? '' : `:${details.column}`}`;
  return [`${details.where ?? ''}${position}`, details.detail?.en ?? '']
    .filter((part) => part !== '')
    .join(': ');
}
