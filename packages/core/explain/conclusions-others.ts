/** What an expert concludes from timedatectl, timesyncd, the kernel, ntpq and ntpdate, alone and together with chronyc. */
import { expertCommands } from '../expert-commands/index.ts';
import type { KernelState } from '../observe/index.ts';
import { formatDuration, text } from '../text/index.ts';
import type { Rule } from './rule.ts';
import { aheadOrBehind } from './words.ts';

/**
 * Somebody keeps maxerror small without clearing STA_UNSYNC: chronyd does so without `rtcsync` (ntpd and timesyncd clear
 * it). Certain when chronyd itself says that it is synchronized.
 */
export const rtcsyncMissing: Rule = ({ tracking, kernel, timedatectl }) => {
  const chronydSaysYes = tracking !== null && (tracking.stratum ?? 0) > 0 && tracking.leap === 'normal';
  const kernelSaysNo =
    kernel?.unsync === true || (kernel === null && timedatectl?.systemClockSynchronized === false);
  const onlyKernel = tracking === null && isUnsyncWithSmallError(kernel);
  if (!onlyKernel && !(chronydSaysYes && kernelSaysNo)) return null;
  return {
    code: 'rtcsync-missing',
    importance: 'attention',
    text: onlyKernel
      ? text(
          'A daemon keeps the error small, yet the kernel is marked unsynchronized: probably chronyd without `rtcsync`.',
          '有守护进程使误差保持很小，但内核仍标记为未同步：很可能是 chronyd 缺少 `rtcsync`。',
        )
      : text(
          'chronyd is synchronized, but the kernel does not know: `rtcsync` is missing in its configuration (or chronyd runs with -x).',
          'chronyd 已同步，但内核并不知道：其配置中缺少 `rtcsync`(或 chronyd 以 -x 运行)。',
        ),
    next: text(
      'Add `rtcsync`, then restart chronyd: node_exporter and its alerts look at the kernel’s flag.',
      '加入 `rtcsync` 并重启 chronyd:node_exporter 及其告警看的是内核标志。',
    ),
    commands: expertCommands(null, 'chronyd', 'configuration').filter(({ root }) => !root),
  };
};

/** At 16 s the kernel sets the flag by itself; below that a daemon left it set. */
function isUnsyncWithSmallError(kernel: KernelState | null): boolean {
  return kernel?.unsync === true && kernel.maxErrorSeconds !== null && kernel.maxErrorSeconds < 16;
}

export const machineUnsynchronized: Rule = ({ timedatectl, tracking, timesync, peers }) => {
  if (
    timedatectl?.systemClockSynchronized !== false ||
    tracking !== null ||
    timesync !== null ||
    peers !== null
  )
    return null;
  const off = timedatectl.ntpService === 'inactive';
  return {
    code: off ? 'no-time-service' : 'machine-unsynchronized',
    importance: 'problem',
    text: off
      ? text('Not synchronized, and no time service runs.', '未同步，且没有时间服务在运行。')
      : text(
          'Not synchronized although a time service may run: it found no server, or not yet.',
          '未同步，尽管可能有时间服务在运行：它没有找到服务端，或尚未找到。',
        ),
    next: off
      ? text('Start one, and only one.', '请启动一个，且仅一个时间服务。')
      : text(
          'Ask the daemon itself: chronyc, timedatectl timesync-status or ntpq.',
          '询问守护进程本身：chronyc、timedatectl timesync-status 或 ntpq。',
        ),
    commands: off
      ? expertCommands(null, null, 'sources')
      : [
          ...expertCommands(null, 'chronyd', 'state').slice(0, 1),
          ...expertCommands(null, 'systemd-timesyncd', 'sources').slice(0, 1),
          ...expertCommands(null, 'ntpd', 'sources').slice(0, 1),
        ],
  };
};

/** Only the kernel's word is there, and it is good. */
export const machineSynchronized: Rule = ({ timedatectl, kernel, tracking, sources, timesync, peers }) => {
  const kernelSays = kernel === null ? timedatectl?.systemClockSynchronized === true : !kernel.unsync;
  if (!kernelSays || tracking !== null || sources !== null || timesync !== null || peers !== null)
    return null;
  return {
    code: 'kernel-synchronized',
    importance: 'good',
    text: text(
      'The kernel counts the clock as synchronized. To whom and how well, only the daemon knows.',
      '内核认为时钟已同步。跟随谁、精度如何，只有守护进程知道。',
    ),
    next: text(
      'Ask the daemon: chronyc, timedatectl timesync-status or ntpq.',
      '询问守护进程：chronyc、timedatectl timesync-status 或 ntpq。',
    ),
    commands: [],
  };
};

export const rtcInLocalTime: Rule = ({ timedatectl }) =>
  timedatectl?.rtcInLocalTz === true
    ? {
        code: 'rtc-in-local-time',
        importance: 'attention',
        text: text(
          'The hardware clock holds local time: after a reboot the clock starts hours off.',
          '硬件时钟存放本地时间：重启后时钟会相差数小时。',
        ),
        next: text(
          '`timedatectl set-local-rtc 0` puts it to UTC.',
          '`timedatectl set-local-rtc 0` 可改为 UTC。',
        ),
        commands: [],
      }
    : null;

export const timesyncSilent: Rule = ({ timesync }) => {
  if (timesync === null || timesync.packetCount !== 0) return null;
  const name = timesync.server ?? timesync.serverAddress;
  return {
    code: 'timesync-no-answer',
    importance: 'problem',
    text:
      name === null
        ? text(
            'timesyncd has no server: none is configured, or no name resolves.',
            'timesyncd 没有服务端：未配置，或名称无法解析。',
          )
        : text(`${name} never answered: the clock is not synchronized.`, `${name} 从未应答：时钟未同步。`),
    next: text(
      'See where its servers come from, and whether UDP 123 passes.',
      '查看其服务端来自何处，以及 UDP 123 是否可通。',
    ),
    commands: [
      ...expertCommands(null, 'systemd-timesyncd', 'configuration').slice(1, 2),
      ...expertCommands(null, 'systemd-timesyncd', 'network'),
    ],
  };
};

export const timesyncRefuses: Rule = ({ timesync }) => {
  if (timesync === null) return null;
  const { rootDistanceSeconds: distance, rootDistanceMaxSeconds: most, ignored, leap } = timesync;
  const tooFar = distance !== null && most !== null && distance > most;
  if (!tooFar && leap !== 'unsynchronized' && ignored !== true) return null;
  return {
    code: 'timesync-server-refused',
    importance: tooFar || leap === 'unsynchronized' ? 'problem' : 'attention',
    text: tooFar
      ? text(
          `timesyncd refuses its server: root distance ${formatDuration(distance)}, at most ${formatDuration(most)} is allowed.`,
          `timesyncd 拒绝其服务端：根距离 ${formatDuration(distance)}，最大允许 ${formatDuration(most)}。`,
        )
      : leap === 'unsynchronized'
        ? text('The server of timesyncd is not synchronized itself.', 'timesyncd 的服务端自身未同步。')
        : text('timesyncd did not use the last reply of its server.', 'timesyncd 未采用服务端最近的应答。'),
    next: text(
      'Mend the server: it is far from any reference itself.',
      '请修复该服务端：它自身远离任何参考。',
    ),
    commands: [],
  };
};

export const timesyncFine: Rule = ({ timesync }) => {
  if (timesync === null || (timesync.packetCount ?? 0) === 0 || timesync.leap === 'unsynchronized')
    return null;
  const name = timesync.server ?? timesync.serverAddress;
  if (name === null) return null;
  return {
    code: 'timesync-follows',
    importance: 'good',
    text: text(
      `timesyncd follows ${name}. It has no second source to compare with.`,
      `timesyncd 正在跟随 ${name}。它没有第二个源可供比较。`,
    ),
    next: null,
    commands: [],
  };
};

export const kernelUnsynchronized: Rule = ({ kernel, tracking }) => {
  const chronydSaysYes = tracking !== null && (tracking.stratum ?? 0) > 0;
  if (kernel?.unsync !== true || chronydSaysYes || isUnsyncWithSmallError(kernel)) return null;
  return {
    code: 'kernel-unsynchronized',
    importance: 'problem',
    text: text(
      'The kernel says that no daemon synchronizes this clock (STA_UNSYNC).',
      '内核表明没有守护进程在同步此时钟(STA_UNSYNC)。',
    ),
    next: text('Look for a running time daemon and ask it.', '查找正在运行的时间守护进程并询问它。'),
    commands: expertCommands(null, null, 'state'),
  };
};

/** maxerror grows by 500 µs a second after the last word of a daemon: at this size it was silent for over an hour. */
export const kernelForgotten: Rule = ({ kernel }) => {
  const error = kernel?.maxErrorSeconds ?? 0;
  if (kernel === null || kernel.unsync || error < 2 || error >= 16) return null;
  return {
    code: 'daemon-silent',
    importance: 'attention',
    text: text(
      `The kernel still calls itself synchronized, but nobody updated it for about ${formatDuration(error / 500e-6)}: the daemon may be dead.`,
      `内核仍自称已同步，但约 ${formatDuration(error / 500e-6)} 内没有更新：守护进程可能已停止。`,
    ),
    next: text(
      'Look whether the daemon runs and reaches its sources.',
      '查看守护进程是否在运行并能访问其源。',
    ),
    commands: expertCommands(null, null, 'state'),
  };
};

export const ntpdFollowsNobody: Rule = ({ peers }) => {
  if (peers === null || peers.some(({ tally }) => tally === '*' || tally === 'o')) return null;
  const real = peers.filter(({ type, refId }) => type !== 'l' && refId !== 'POOL');
  const silent = real.length > 0 && real.every(({ reach }) => reach === 0);
  return {
    code: silent ? 'ntpd-nobody-answers' : 'ntpd-follows-nobody',
    importance: 'problem',
    text: silent
      ? text(
          'None of ntpd’s peers answers: UDP 123 is blocked, or the network is down.',
          'ntpd 的对端都没有应答：UDP 123 被阻断，或网络不通。',
        )
      : text(
          'ntpd follows nobody yet: no peer carries `*`. After a start that takes some minutes; later it means disagreement, or peers that are not synchronized.',
          'ntpd 尚未跟随任何对端：没有 `*`。刚启动时需要几分钟；之后则说明对端不一致或未同步。',
        ),
    next: text('Watch whether requests leave and replies return.', '观察请求是否发出、应答是否返回。'),
    commands: expertCommands(null, 'ntpd', 'network').slice(1, 2),
  };
};

export const ntpdFalsetickers: Rule = ({ peers }) => {
  const liars = (peers ?? []).filter(({ tally }) => tally === 'x');
  const [first] = liars;
  if (first === undefined) return null;
  const side = aheadOrBehind(-(first.offsetSeconds ?? 0));
  return {
    code: 'ntpd-falseticker',
    importance: 'attention',
    text: text(
      `${first.remote} is a falseticker${liars.length > 1 ? ` (and ${liars.length - 1} more)` : ''}: its time is ${side.en} this node’s.`,
      `${first.remote} 是错误时间源${liars.length > 1 ? `(另有 ${liars.length - 1} 个)` : ''}：其时间${side.zh('本节点')}。`,
    ),
    next: text('Mend or replace it.', '请修复或更换它。'),
    commands: [],
  };
};

/** ntpd gives up when the offset is beyond this (its panic threshold). */
const PANIC_SECONDS = 1000;

export const ntpdFollows: Rule = ({ peers }) => {
  const system = peers?.find(({ tally }) => tally === '*' || tally === 'o');
  if (system === undefined) return null;
  if (system.type === 'l' || system.refId === 'LOCL') {
    return {
      code: 'ntpd-free-running',
      importance: 'problem',
      text: text(
        'ntpd follows its own clock: it runs free and only looks synchronized.',
        'ntpd 跟随自身时钟：自由运行，只是看似已同步。',
      ),
      next: text('Look why its real peers are not used.', '查看其真正的对端为何未被采用。'),
      commands: expertCommands(null, 'ntpd', 'sources'),
    };
  }
  const offset = system.offsetSeconds ?? 0;
  const side = aheadOrBehind(offset);
  return {
    code: 'ntpd-follows',
    importance: Math.abs(offset) > 0.128 ? 'attention' : 'good',
    text: text(
      `ntpd follows ${system.remote}; the clock is ${side.en} it.`,
      `ntpd 正在跟随 ${system.remote}；时钟${side.zh('它')}。`,
    ),
    next:
      Math.abs(offset) > PANIC_SECONDS
        ? text(
            'Beyond 1000 s ntpd gives up and ends; the clock must be set first.',
            '超过 1000 s 时 ntpd 会放弃并退出；必须先设置时钟。',
          )
        : null,
    commands: [],
  };
};

export const ntpdateResult: Rule = ({ ntpdate }) => {
  if (ntpdate === null) return null;
  const answered = ntpdate.servers.filter(({ offsetSeconds }) => offsetSeconds !== null);
  const [first] = answered;
  if (first === undefined || first.offsetSeconds === null || first.boundSeconds === null) {
    return {
      code: 'ntpdate-no-server',
      importance: 'problem',
      text: text('No server answered.', '没有服务端应答。'),
      next: text(
        'Look at the firewall for UDP 123, and whether the server is synchronized itself.',
        '检查 UDP 123 的防火墙，以及服务端自身是否已同步。',
      ),
      commands: expertCommands(null, null, 'network').slice(1, 2),
    };
  }
  const lows = answered.map((one) => (one.offsetSeconds ?? 0) - (one.boundSeconds ?? 0));
  const highs = answered.map((one) => (one.offsetSeconds ?? 0) + (one.boundSeconds ?? 0));
  if (Math.max(...lows) > Math.min(...highs)) {
    return {
      code: 'ntpdate-servers-disagree',
      importance: 'attention',
      text: text(
        'The servers contradict each other: their intervals do not overlap, at least one is wrong.',
        '各服务端互相矛盾：其区间不重叠，至少有一个有误。',
      ),
      next: text('Ask a third and fourth one.', '再询问第三、第四个服务端。'),
      commands: [],
    };
  }
  const side = aheadOrBehind(first.offsetSeconds);
  const large = Math.abs(first.offsetSeconds) - first.boundSeconds > 0.5;
  return {
    code: 'ntpdate-offset',
    importance: large ? 'attention' : 'good',
    text: text(
      `This clock is ${side.en} ${first.server}, ± ${formatDuration(first.boundSeconds)}.`,
      `本机时钟${side.zh(first.server)},± ${formatDuration(first.boundSeconds)}。`,
    ),
    next: large
      ? text(
          'Do not correct it by a repeated ntpdate; let one time daemon do it.',
          '不要反复用 ntpdate 修正；应交给一个时间守护进程。',
        )
      : null,
    commands: [],
  };
};
