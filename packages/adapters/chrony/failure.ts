/** What an operator is told when chronyd could not be read. */
import { type SessionFailure, STATUS_UNAUTHORIZED, statusName } from '@clockwarden/core/chrony';
import { type Failure, failure } from '@clockwarden/core/observe';
import { type Text, text } from '@clockwarden/core/text';
import type { ChronyTarget } from './client.ts';

const openHint: Text = text(
  'By default chronyd answers commands on 127.0.0.1 and ::1 only. Reading over ssh needs no change. To open the port, set `bindcmdaddress` to an address of the node and `cmdallow` to the address of this machine only, in chrony.conf, and let the firewall pass UDP 323 from it.',
  'chronyd 默认只在 127.0.0.1 和 ::1 上应答命令。通过 ssh 读取则无需改动。若要开放端口，请在 chrony.conf 中将 `bindcmdaddress` 设为节点的地址，将 `cmdallow` 只设为本机的地址，并在防火墙上仅对本机放行 UDP 323。',
);

function name({ host, port }: ChronyTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function describeUnknownName(host: string): Failure {
  return failure(
    'unreachable',
    text(`The name ${host} does not resolve to an address.`, `无法将名称 ${host} 解析为地址。`),
    text(`Check it with \`getent ahosts ${host}\`.`, `请用 \`getent ahosts ${host}\` 检查。`),
  );
}

export function describeSystemError(error: Error, target: ChronyTarget): Failure {
  const code = (error as NodeJS.ErrnoException).code ?? error.message;
  if (code === 'ECONNREFUSED') {
    return failure(
      'refused',
      text(
        `Nothing listens on UDP port ${target.port} of ${target.host}: chronyd does not run there, or answers commands only on its own loopback.`,
        `${target.host} 的 UDP 端口 ${target.port} 无人监听：chronyd 未运行，或只在其本机回环地址上应答命令。`,
      ),
      openHint,
    );
  }
  return failure(
    'unreachable',
    text(`There is no way to ${name(target)} (${code}).`, `无法到达 ${name(target)}(${code})。`),
    text(`Check it with \`ip route get ${target.host}\`.`, `请用 \`ip route get ${target.host}\` 检查路由。`),
  );
}

export function describeSessionFailure(problem: SessionFailure, target: ChronyTarget): Failure {
  switch (problem.kind) {
    case 'no-reply':
      return failure(
        'unreachable',
        text(
          `${name(target)} did not answer: a firewall drops UDP ${target.port}, the host is down, or its chronyd does not allow this address (it then stays silent).`,
          `${name(target)} 没有应答：防火墙丢弃了 UDP ${target.port}、主机未开机，或其 chronyd 不允许本机地址(此时它保持沉默)。`,
        ),
        openHint,
      );
    case 'version':
      return failure(
        'unsupported',
        text(
          `chronyd at ${name(target)} speaks version ${problem.version} of the command protocol; version 6 is needed (chrony 2.2 or newer).`,
          `${name(target)} 的 chronyd 使用命令协议第 ${problem.version} 版；需要第 6 版(chrony 2.2 或更新)。`,
        ),
        text('Upgrade chrony, or read this node over ssh.', '请升级 chrony，或通过 ssh 读取该节点。'),
      );
    case 'status':
      return problem.status === STATUS_UNAUTHORIZED
        ? failure(
            'unauthorized',
            text(
              `chronyd at ${name(target)} does not give its reports over the network (501 Not authorised).`,
              `${name(target)} 的 chronyd 不通过网络提供报告(501 Not authorised)。`,
            ),
            text(
              'Since chrony 4.7 `opencommands` lists what may be asked over UDP: it needs tracking, sources, sourcestats, activity and sourcename. Or read the node over ssh.',
              '自 chrony 4.7 起，`opencommands` 列出可通过 UDP 查询的命令：需要 tracking、sources、sourcestats、activity 和 sourcename。或通过 ssh 读取该节点。',
            ),
          )
        : failure(
            'refused',
            text(
              `chronyd at ${name(target)} refused: ${statusName(problem.status)}.`,
              `${name(target)} 的 chronyd 拒绝了请求：${statusName(problem.status)}。`,
            ),
          );
    case 'unknown-reply':
      return failure(
        'unsupported',
        text(
          `chronyd at ${name(target)} answers in a format that is not known (reply type ${problem.replyType}).`,
          `${name(target)} 的 chronyd 以未知格式应答(应答类型 ${problem.replyType})。`,
        ),
        text(
          'It may be newer than this Clockwarden; read the node over ssh.',
          '它可能比本 Clockwarden 更新；请通过 ssh 读取该节点。',
        ),
      );
    case 'short-reply':
      return failure(
        'malformed',
        text(
          `The answer of ${name(target)} is cut: ${problem.got} bytes instead of ${problem.wanted}.`,
          `${name(target)} 的应答不完整：${problem.got} 字节，应为 ${problem.wanted} 字节。`,
        ),
        text('Is it really chronyd that listens there?', '在那里监听的确实是 chronyd 吗？'),
      );
  }
}
