/** What a person is told when a server could not be measured. */
import { type Failure, failure } from '../observe/index.ts';
import { text } from '../text/index.ts';
import type { ExchangeOutcome, NetworkProblem } from './exchange.ts';
import type { AnswerOutcome } from './reading.ts';
import type { Kiss } from './reference-id.ts';

/**
 * @param server as a person would name it: `10.0.0.5:123`
 * @param timeoutSeconds how long it was waited for
 */
export function failureOf(
  outcome: Exclude<AnswerOutcome, { kind: 'measured' }>,
  server: string,
  timeoutSeconds: number,
): Failure {
  switch (outcome.kind) {
    case 'paused':
      return pausedFailure(server, outcome.seconds);
    case 'kissed':
      return kissFailure(outcome.kiss, server);
    case 'network':
      return networkFailure(outcome.problem, server);
    case 'unanswered':
      return unanswered(outcome, server, timeoutSeconds);
  }
}

/** Not asked now, because the server asked for a pause. */
function pausedFailure(server: string, seconds: number): Failure {
  const wait = Math.ceil(seconds);
  return failure(
    'no-data',
    text(
      `${server} asked to be asked less often (kiss-o'-death RATE); the next question goes out in ${wait} s.`,
      `${server} 要求降低询问频率(kiss-o'-death RATE)，下一次询问在 ${wait} 秒后。`,
    ),
    rateHint,
  );
}

const rateHint = text(
  'Ask less often (`interval` and `samples` of the ntp source), or raise the limit on the server: `ratelimit` of chrony, `discard` of ntpd.',
  '降低询问频率(ntp 来源的 `interval` 与 `samples`)，或在服务器上放宽限制：chrony 的 `ratelimit`,ntpd 的 `discard`。',
);

function kissFailure(kiss: Kiss, server: string): Failure {
  if (kiss === 'RATE') {
    return failure(
      'no-data',
      text(
        `${server} answered only that it is asked too often (kiss-o'-death RATE).`,
        `${server} 只答复说询问过于频繁(kiss-o'-death RATE)。`,
      ),
      rateHint,
    );
  }
  return failure(
    'refused',
    text(
      `${server} refuses to serve this machine (kiss-o'-death ${kiss}); it will not be asked again.`,
      `${server} 拒绝为本机提供服务(kiss-o'-death ${kiss})，不再询问。`,
    ),
    text(
      'Let the server serve this address (`allow` of chrony, `restrict` of ntpd), then restart Clockwarden.',
      '请在服务器上允许本机地址(chrony 的 `allow`,ntpd 的 `restrict`)，然后重启 Clockwarden。',
    ),
  );
}

const networkTexts: Readonly<Record<NetworkProblem, (server: string) => Failure>> = {
  refused: (server) =>
    failure(
      'refused',
      text(
        `Nothing listens for NTP at ${server} (ICMP port unreachable).`,
        `${server} 上没有程序监听 NTP(ICMP 端口不可达)。`,
      ),
      text(
        'Is a daemon that serves time running there? chronyd opens the port only with `allow`; systemd-timesyncd never does.',
        '那里是否运行着提供时间的守护进程？chronyd 仅在有 `allow` 时打开该端口，systemd-timesyncd 从不打开。',
      ),
    ),
  'no-route': (server) =>
    failure(
      'unreachable',
      text(`There is no route to ${server}.`, `没有到达 ${server} 的路由。`),
      text('Look at `ip route get` for its address.', '请用 `ip route get` 查看该地址的路由。'),
    ),
  'host-down': (server) =>
    failure(
      'unreachable',
      text(
        `The network says that the host of ${server} cannot be reached.`,
        `网络报告 ${server} 所在的主机不可达。`,
      ),
      text('Is the machine up, and the address right?', '该机器是否开机，地址是否正确？'),
    ),
  forbidden: (server) =>
    failure(
      'unreachable',
      text(
        `A firewall forbids NTP to ${server}: this machine's own, or one on the way that says so.`,
        `防火墙禁止向 ${server} 发送 NTP：本机的防火墙，或途中明确拒绝的防火墙。`,
      ),
      text(
        'Allow UDP to port 123 outward, and the answers back in.',
        '请放行到端口 123 的 UDP 出站流量及其应答。',
      ),
    ),
  other: (server) =>
    failure(
      'unreachable',
      text(`The question to ${server} could not be sent.`, `无法向 ${server} 发送询问。`),
      text(
        'Check the address, and that this machine has one of the same kind (IPv4 or IPv6).',
        '请检查该地址，以及本机是否有同类地址(IPv4 或 IPv6)。',
      ),
    ),
};

function networkFailure(problem: NetworkProblem, server: string): Failure {
  return networkTexts[problem](server);
}

function unanswered(
  { asked, dropped }: Extract<ExchangeOutcome, { kind: 'unanswered' }>,
  server: string,
  timeoutSeconds: number,
): Failure {
  if (dropped.stepped > 0) {
    return failure(
      'no-data',
      text(
        `This machine's own clock was set while ${server} was asked; nothing measured then can be trusted.`,
        `询问 ${server} 期间本机时钟被设置过，此时的测量不可信。`,
      ),
      text('Measure again.', '请重新测量。'),
    );
  }
  if (dropped.backwards > 0) {
    return failure(
      'no-data',
      text(
        `${server} contradicts itself: its stamps say that it answered before it was asked, or worked longer than the exchange took.`,
        `${server} 自相矛盾：其时间戳表明它在被询问之前就作了答复，或处理时间超过了整个交换过程。`,
      ),
      text(
        'Its clock is being set, or it does not speak NTP properly.',
        '它的时钟正在被设置，或其 NTP 实现有误。',
      ),
    );
  }
  if (dropped.noTime > 0) {
    return failure(
      'no-data',
      text(`${server} answers without a time.`, `${server} 的应答中没有时间。`),
      text('It has not got the time itself yet.', '它自己尚未获得时间。'),
    );
  }
  if (dropped.malformed + dropped.foreign + dropped.unmatched > 0) {
    return failure(
      'malformed',
      text(
        `What comes from ${server} is no answer to an NTP question of version 3 or 4.`,
        `${server} 返回的不是对 NTP 版本 3 或 4 询问的应答。`,
      ),
      text('Does something else listen at this port?', '该端口上是否有其他程序在监听？'),
    );
  }
  return silent(asked, dropped.late, server, timeoutSeconds);
}

function silent(asked: number, late: number, server: string, timeoutSeconds: number): Failure {
  if (late > 0) {
    return failure(
      'unreachable',
      text(
        `${server} answers, but too late: each of ${asked} questions was given up first.`,
        `${server} 有应答，但太迟：${asked} 次询问均已先行放弃。`,
      ),
      text('Give it longer with --timeout.', '请用 --timeout 延长等待时间。'),
    );
  }
  return failure(
    'unreachable',
    text(
      `${server} did not answer within ${timeoutSeconds} s (asked ${asked} times).`,
      `${server} 在 ${timeoutSeconds} 秒内没有应答(询问 ${asked} 次)。`,
    ),
    text(
      'Is the machine up, does a firewall drop UDP 123, does its daemon serve this address (`allow` of chrony)?',
      '该机器是否开机？防火墙是否丢弃了 UDP 123?其守护进程是否为本机地址服务(chrony 的 `allow`)?',
    ),
  );
}

export function unresolvedFailure(name: string, detail: string): Failure {
  return failure(
    'unreachable',
    text(`The name ${name} does not resolve (${detail}).`, `无法解析名称 ${name}(${detail})。`),
    text('Check the name, /etc/resolv.conf and /etc/hosts.', '请检查名称、/etc/resolv.conf 和 /etc/hosts。'),
  );
}
