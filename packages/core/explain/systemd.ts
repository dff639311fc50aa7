/** timedatectl and timesyncd, value by value. */
import type { Timedatectl } from '../observe/index.ts';
import { formatDuration, formatPpm, type Text, text } from '../text/index.ts';
import type { TimesyncReport } from '../timesyncd/index.ts';
import type { ExplainedSection, ExplainedValue } from './structure.ts';
import { aheadOrBehind, signedSeconds, value } from './words.ts';

export function explainTimedatectl(state: Timedatectl): ExplainedSection {
  return {
    kind: 'timedatectl',
    title: text('timedatectl: the machine’s clock and zone', 'timedatectl：本机的时钟和时区'),
    lines: null,
    rows: [],
    values: [
      ...explainSynchronized(state.systemClockSynchronized),
      ...explainService(state.ntpService),
      ...(state.timezone === null
        ? []
        : [
            value(
              'Time zone',
              state.timezone,
              text(
                'How times are shown here. Kubernetes, certificates and tokens use UTC whatever it is; logs may not.',
                '本机显示时间所用时区。Kubernetes、证书和令牌始终使用 UTC；日志则未必。',
              ),
            ),
          ]),
      ...explainRtc(state.rtcInLocalTz),
    ],
  };
}

function explainSynchronized(synchronized: boolean | null): ExplainedValue[] {
  const label = 'System clock synchronized';
  if (synchronized === null) return [];
  return synchronized
    ? [
        value(
          label,
          'yes',
          text(
            'The kernel holds its error for less than 16 s: a daemon set the clock not long ago. It says nothing of milliseconds, and stays for hours after the daemon died.',
            '内核认为误差小于 16 s：不久前有守护进程设置过时钟。它不说明毫秒级精度，且在守护进程停止后数小时内仍会保持。',
          ),
          'good',
        ),
      ]
    : [
        value(
          label,
          'no',
          text(
            'No daemon disciplines this clock now, or it has not finished; inside containers and with chronyd -x it is normal.',
            '目前没有守护进程校准此时钟，或尚未完成；在容器内或使用 chronyd -x 时属正常。',
          ),
          'problem',
        ),
      ];
}

function explainService(service: Timedatectl['ntpService']): ExplainedValue[] {
  const label = 'NTP service';
  switch (service) {
    case null:
      return [];
    case 'active':
      return [
        value(
          label,
          'active',
          text(
            'A time service that systemd knows is running. Running is not yet synchronized.',
            'systemd 所知的时间服务正在运行。运行不等于已同步。',
          ),
          'good',
        ),
      ];
    case 'inactive':
      return [
        value(
          label,
          'inactive',
          text(
            'The time service that systemd knows does not run. One that it does not know may run all the same.',
            'systemd 所知的时间服务没有运行。它不知道的服务仍可能在运行。',
          ),
          'attention',
        ),
      ];
    case 'n/a':
      return [
        value(
          label,
          'n/a',
          text(
            'systemd knows no time service here. With chrony that may be so and is no fault: look at `chronyc tracking`.',
            'systemd 在此不知道任何时间服务。使用 chrony 时可能如此，并非故障：请看 `chronyc tracking`。',
          ),
        ),
      ];
  }
}

function explainRtc(local: boolean | null): ExplainedValue[] {
  const label = 'RTC in local TZ';
  if (local === null) return [];
  return local
    ? [
        value(
          label,
          'yes',
          text(
            'The hardware clock holds local time: after a boot the clock can be hours off until NTP corrects it. Servers keep it in UTC.',
            '硬件时钟存放本地时间：开机后在 NTP 修正之前可能相差数小时。服务器应使用 UTC。',
          ),
          'attention',
        ),
      ]
    : [
        value(
          label,
          'no',
          text('The hardware clock holds UTC, as it should.', '硬件时钟存放 UTC，正确。'),
          'good',
        ),
      ];
}

export function explainTimesync(report: TimesyncReport): ExplainedSection {
  return {
    kind: 'timesync',
    title: text('systemd-timesyncd: the one server it follows', 'systemd-timesyncd：它跟随的唯一服务端'),
    lines: null,
    rows: [],
    values: [...explainServer(report), ...explainPackets(report), ...explainQuality(report)],
  };
}

function optional(
  present: boolean,
  label: string,
  shown: string,
  meaning: Text,
  importance: ExplainedValue['importance'] = 'plain',
): ExplainedValue[] {
  return present ? [value(label, shown, meaning, importance)] : [];
}

function explainServer({ server, serverAddress, stratum, leap }: TimesyncReport): ExplainedValue[] {
  const name = server ?? serverAddress;
  const shown =
    name === serverAddress || serverAddress === null ? (name ?? '—') : `${name} (${serverAddress})`;
  return [
    name === null
      ? value('Server', '—', text('It has found no server to ask.', '尚未找到可询问的服务端。'), 'problem')
      : value(
          'Server',
          shown,
          text(
            'The one server that it asks. With a single source nobody notices when that one lies.',
            '它只询问这一个服务端。只有单一来源时，该服务端出错也无人察觉。',
          ),
        ),
    ...optional(
      stratum !== null,
      'Stratum',
      String(stratum),
      text(
        `The server’s; this node stands at ${(stratum ?? 0) + 1}.`,
        `服务端的层级；本节点为 ${(stratum ?? 0) + 1}。`,
      ),
      stratum === 0 || (stratum ?? 0) >= 16 ? 'problem' : 'plain',
    ),
    ...optional(
      leap !== null,
      'Leap',
      leap ?? '',
      leap === 'unsynchronized'
        ? text(
            'The server itself is not synchronized, so it is not followed.',
            '服务端自身未同步，因此不会跟随它。',
          )
        : text('The server says that it is synchronized.', '服务端声明自己已同步。'),
      leap === 'unsynchronized' ? 'problem' : 'plain',
    ),
  ];
}

function explainPackets({ packetCount, pollIntervalSeconds, ignored }: TimesyncReport): ExplainedValue[] {
  return [
    ...optional(
      packetCount !== null,
      'Packet count',
      String(packetCount),
      packetCount === 0
        ? text(
            'Nothing came back from the server: firewall, server down or wrong address. The clock is not synchronized.',
            '服务端没有任何应答：防火墙、服务端停机或地址有误。时钟未同步。',
          )
        : text('Replies of this server so far.', '迄今收到该服务端的应答数。'),
      packetCount === 0 ? 'problem' : 'good',
    ),
    ...optional(
      pollIntervalSeconds !== null,
      'Poll interval',
      formatDuration(pollIntervalSeconds ?? 0),
      text('It asks so often; it grows while all is well.', '询问间隔；情况良好时会逐渐变长。'),
    ),
    ...optional(
      ignored !== null,
      'Ignored',
      ignored === true ? 'yes' : 'no',
      ignored === true
        ? text(
            'The last reply was not used: too far from a reference, or a spike.',
            '最近的应答未被采用：距参考过远，或是尖峰。',
          )
        : text('The last reply was used.', '最近的应答已被采用。'),
      ignored === true ? 'attention' : 'plain',
    ),
  ];
}

function explainQuality(report: TimesyncReport): ExplainedValue[] {
  const { offsetSeconds: offset, delaySeconds: delay, rootDistanceSeconds: distance } = report;
  const most = report.rootDistanceMaxSeconds ?? 5;
  const side = aheadOrBehind(offset ?? 0);
  return [
    ...optional(
      offset !== null,
      'Offset',
      signedSeconds(offset ?? 0),
      text(
        `At the last packet the node’s clock was ${side.en} the server (systemd prints the opposite sign). From 0.4 s on timesyncd steps, below it slews.`,
        `收到最近报文时，本节点时钟${side.zh('服务端')}(systemd 的符号相反)。达到 0.4 s 时 timesyncd 会跳变，低于则渐调。`,
      ),
      Math.abs(offset ?? 0) > 0.1 ? 'attention' : 'plain',
    ),
    ...optional(
      delay !== null,
      'Delay',
      formatDuration(delay ?? 0),
      text('Round trip to the server; half of it is uncertain.', '到服务端的往返时延；其一半是不确定的。'),
    ),
    ...optional(
      distance !== null,
      'Root distance',
      formatDuration(distance ?? 0),
      (distance ?? 0) > most
        ? text(
            `Beyond the ${formatDuration(most)} that timesyncd accepts: the server is not followed.`,
            `超过 timesyncd 接受的 ${formatDuration(most)}：不会跟随该服务端。`,
          )
        : text('The server’s own bound against its reference.', '服务端相对其参考的误差界。'),
      (distance ?? 0) > most ? 'problem' : 'plain',
    ),
    ...optional(
      report.jitterSeconds !== null,
      'Jitter',
      formatDuration(report.jitterSeconds ?? 0),
      text('How much the offsets scatter.', '偏移的离散程度。'),
    ),
    ...optional(
      report.frequencyPpm !== null,
      'Frequency',
      formatPpm(report.frequencyPpm ?? 0),
      text('Correction of the clock’s own rate.', '对时钟自身频率误差的修正。'),
    ),
  ];
}
