/** What a node still waits for, and about how long. */
import type { ChronySource } from '../observe/index.ts';
import { formatSeconds, type Text, text } from '../text/index.ts';
import { difference } from '../time/index.ts';
import { CHRONYD_SLEW_RATE, slewSeconds } from './correction.ts';
import type { OutcomeCheck, OutcomeEvidence, OutcomeKind } from './outcome.ts';

export interface Awaited {
  readonly text: Text;
  readonly remainingSeconds: number | null;
}

/** One of its sources has answered at least once lately. */
export function answered({ assessment }: OutcomeEvidence): boolean {
  const { chrony, timesync, sync } = assessment.observation.facts;
  const sources = chrony?.value.sources ?? null;
  if (sources !== null) return sources.some(({ reach }) => reach > 0);
  if (timesync !== null) return (timesync.value.packetCount ?? 0) > 0;
  return (sync?.value.source ?? null) !== null;
}

/**
 * The node's daemon knows by itself of about as much as the clock is off, and works on it. The clock was read before the
 * daemon was asked, so a slew may have gone on in between.
 */
export function onItsWay(evidence: OutcomeEvidence): boolean {
  const off = offsetFromTruth(evidence);
  const left = leftToSlew(evidence);
  if (off === null || left === null || off * left < 0) return false;
  const { readings } = evidence.assessment.observation;
  const took = Math.max(0, ...readings.map(({ tookSeconds }) => tookSeconds));
  return Math.abs(off - left) <= evidence.limitSeconds + CHRONYD_SLEW_RATE * took;
}

function offsetFromTruth({ assessment, truth }: OutcomeEvidence): number | null {
  const clock = assessment.clock?.value.offset;
  return clock === undefined || truth === null ? null : difference(clock, truth.time).seconds;
}

/** Positive = the clock is ahead of where its daemon brings it. */
function leftToSlew({ assessment }: OutcomeEvidence): number | null {
  const { chrony, sync } = assessment.observation.facts;
  return chrony?.value.tracking?.systemOffsetSeconds ?? sync?.value.referenceOffset?.seconds ?? null;
}

export function awaited(
  evidence: OutcomeEvidence,
  stage: OutcomeKind,
  checks: readonly OutcomeCheck[],
): Awaited | null {
  const failed = checks.find(({ holds, code }) => holds === false && code !== 'synchronized');
  switch (stage) {
    case 'unreached':
      return { text: whyUnreached(evidence), remainingSeconds: null };
    case 'running':
      return { text: silence(evidence), remainingSeconds: null };
    case 'local-only':
      return { text: outsideSilence(evidence), remainingSeconds: null };
    case 'reachable':
      return (
        selection(evidence, checks) ?? slewing(evidence) ?? kernelFlag(evidence, checks) ?? asText(failed)
      );
    default:
      return null;
  }
}

function asText(check: OutcomeCheck | undefined): Awaited | null {
  return check === undefined ? null : { text: check.text, remainingSeconds: null };
}

function whyUnreached({ assessment }: OutcomeEvidence): Text {
  const nearest = assessment.observation.readings.find(
    ({ source, result }) => !result.ok && (source === 'ssh' || source === 'local'),
  );
  if (nearest !== undefined && !nearest.result.ok) return nearest.result.failure.text;
  const reason = assessment.reasons.find(({ code }) => code === 'unreachable' || code === 'source-failed');
  return reason?.text ?? text('Its daemon cannot be asked.', '无法询问其守护进程。');
}

function silence(evidence: OutcomeEvidence): Text {
  const { chrony, sync } = evidence.assessment.observation.facts;
  // It hangs, or the login was cut before it was asked.
  if (sync === null) {
    const { daemon } = evidence.design;
    return text(`An answer of ${daemon} itself.`, `等待 ${daemon} 自身的应答。`);
  }
  const unresolved = chrony?.value.activity?.unresolved ?? 0;
  if (unresolved > 0 && (chrony?.value.sources?.length ?? 0) === 0) {
    return text(
      `Names to resolve: ${named(evidence)}. Does the node's DNS answer?`,
      `等待解析名称：${named(evidence, '、')}。该节点的 DNS 有应答吗？`,
    );
  }
  return text(
    `An answer on UDP 123 from ${named(evidence)}.`,
    `等待 ${named(evidence, '、')} 在 UDP 123 上的应答。`,
  );
}

function outsideSilence(evidence: OutcomeEvidence): Text {
  const names = evidence.cluster.nodes.flatMap(({ upstreams }) => upstreams);
  const own = [...new Set(evidence.design.upstreams.length > 0 ? evidence.design.upstreams : names)];
  return text(
    `An answer on UDP 123 from a reference outside: ${own.join(', ')}.`,
    `等待外部参考在 UDP 123 上的应答：${own.join('、')}。`,
  );
}

function named({ design, assessment, cluster }: OutcomeEvidence, separator = ', '): string {
  const seen = assessment.observation.facts.chrony?.value.sources?.map(({ name }) => name) ?? [];
  const wanted = seen.length > 0 ? seen : [...design.upstreams, ...design.servers];
  const nameOf = (address: string): string =>
    cluster.nodes.find(({ node }) => node.address === address)?.node.name ?? address;
  return wanted.map(nameOf).join(separator);
}

/** chronyd takes no source before it has a few samples of it; iburst brings four, two seconds apart. */
const BURST = { samples: 4, seconds: 2 };

function selection({ assessment, design }: OutcomeEvidence, checks: readonly OutcomeCheck[]): Awaited | null {
  if (checks.some(({ code, holds }) => code === 'synchronized' && holds === true)) return null;
  const sources = assessment.observation.facts.chrony?.value.sources ?? [];
  const heard = sources.filter(({ reach }) => reach > 0);
  const has = (state: ChronySource['state']): boolean => heard.some((source) => source.state === state);
  if (has('falseticker')) {
    const liars = heard.filter(({ state }) => state === 'falseticker').map(({ name }) => name);
    return {
      text: text(
        `A majority among its sources: ${liars.join(', ')} contradict one another.`,
        `等待时间源形成多数：${liars.join('、')} 互相矛盾。`,
      ),
      remainingSeconds: null,
    };
  }
  if (has('jittery')) {
    return {
      text: text('A source that varies less.', '等待波动更小的时间源。'),
      remainingSeconds: null,
    };
  }
  const wanted = design.minSources ?? 1;
  const polls = Math.max(0, ...heard.map(({ reach }) => countBits(reach)));
  if (polls >= BURST.samples && heard.length < wanted) {
    return {
      text: text(
        `${wanted} sources that answer (minsources); ${heard.length} does.`,
        `等待 ${wanted} 个时间源应答(minsources)，目前 ${heard.length} 个。`,
      ),
      remainingSeconds: null,
    };
  }
  return {
    text: text(
      `More answers of its sources: ${polls} polls of the last eight were answered.`,
      `等待时间源的更多应答：最近八次轮询中有 ${polls} 次得到应答。`,
    ),
    remainingSeconds: polls < BURST.samples ? (BURST.samples - polls) * BURST.seconds : null,
  };
}

function countBits(reach: number): number {
  return reach.toString(2).replaceAll('0', '').length;
}

function slewing(evidence: OutcomeEvidence): Awaited | null {
  const left = leftToSlew(evidence);
  if (left === null || Math.abs(left) <= evidence.limitSeconds) return null;
  const by = formatSeconds(left, { signed: true });
  const daemon = evidence.design.daemon;
  return {
    text: text(
      `The daemon slews ${by} away${daemon === 'chronyd' ? '; `clockwarden resync` would step it' : ''}.`,
      `守护进程正在渐调 ${by}${daemon === 'chronyd' ? '；`clockwarden resync` 可使其跳变' : ''}。`,
    ),
    remainingSeconds: slewSeconds(daemon, left),
  };
}

/** Both daemons tell the kernel at their next correction. */
function kernelFlag({ assessment }: OutcomeEvidence, checks: readonly OutcomeCheck[]): Awaited | null {
  const flag = checks.find(({ code, holds }) => code === 'kernel' && holds === false);
  if (flag === undefined) return null;
  const selected = assessment.observation.facts.chrony?.value.sources?.find(
    ({ state }) => state === 'selected',
  );
  return { text: flag.text, remainingSeconds: selected === undefined ? null : 2 ** selected.poll };
}
