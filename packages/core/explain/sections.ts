/** Facts of one output → its section. */
import { text } from '../text/index.ts';
import { explainActivity, explainNtpData, explainSelectData, explainServerStats } from './chrony-reports.ts';
import { explainSources } from './chrony-sources.ts';
import { explainSourceStats } from './chrony-sourcestats.ts';
import { explainTracking } from './chrony-tracking.ts';
import type { PastedFacts } from './facts.ts';
import { explainKernel } from './kernel.ts';
import { explainNtpdate, explainPeers } from './ntpd.ts';
import type { ExplainedSection } from './structure.ts';
import { explainTimedatectl, explainTimesync } from './systemd.ts';
import { value } from './words.ts';

type Explainers = {
  readonly [K in keyof PastedFacts]: (facts: NonNullable<PastedFacts[K]>) => ExplainedSection;
};

const explainers: Explainers = {
  tracking: explainTracking,
  sources: explainSources,
  sourceStats: explainSourceStats,
  activity: explainActivity,
  ntpData: explainNtpData,
  selectData: explainSelectData,
  serverStats: explainServerStats,
  chronyError: explainChronyError,
  timedatectl: explainTimedatectl,
  timesync: explainTimesync,
  kernel: explainKernel,
  peers: explainPeers,
  ntpdate: ({ servers, conclusion }) => explainNtpdate(servers, conclusion),
};

export function explainPart<K extends keyof PastedFacts>(
  part: K,
  facts: NonNullable<PastedFacts[K]>,
): ExplainedSection {
  return explainers[part](facts);
}

const errors: readonly (readonly [RegExp, ReturnType<typeof text>])[] = [
  [
    /^506|^Could not open/,
    text(
      'chronyc found no chronyd to talk to: it does not run, or its socket and port are out of reach for this user.',
      'chronyc 找不到可通信的 chronyd：它没有运行，或当前用户无法访问其套接字和端口。',
    ),
  ],
  [
    /^501/,
    text(
      'chronyd gives this only through its Unix socket: repeat the command as root on the node itself.',
      'chronyd 只通过其 Unix 套接字提供此信息：请在该节点上以 root 重新执行。',
    ),
  ],
  [
    /^502/,
    text(
      'This chronyd does not know the command: it is older than chronyc.',
      '此 chronyd 不认识该命令：它比 chronyc 旧。',
    ),
  ],
  [/^503/, text('chronyd has no such source.', 'chronyd 没有这个源。')],
  [/^505/, text('This function is not enabled in chronyd.', 'chronyd 未启用此功能。')],
  [
    /^517/,
    text(
      'chronyc and chronyd are of versions that do not understand each other.',
      'chronyc 与 chronyd 版本不兼容。',
    ),
  ],
];

function explainChronyError(line: string): ExplainedSection {
  const meaning =
    errors.find(([pattern]) => pattern.test(line))?.[1] ??
    text('chronyd refused or did not understand the request.', 'chronyd 拒绝或不理解该请求。');
  return {
    kind: 'chrony-error',
    title: text('chronyc could not report', 'chronyc 无法给出报告'),
    lines: null,
    values: [value('chronyc', line, meaning, 'problem')],
    rows: [],
  };
}
