/** Whom a node follows, and whether its clock is where others say that it should be. */
import { compareWithLimit } from '../assess/index.ts';
import { LOCAL_REFERENCE } from '../chrony/index.ts';
import { formatOffset, formatSeconds, type Text, text } from '../text/index.ts';
import { difference, type Estimate } from '../time/index.ts';
import { isOrphanStratum } from './followed-time.ts';
import type { OutcomeCheck, OutcomeEvidence } from './outcome.ts';

export function sourceCheck({ assessment, design, cluster }: OutcomeEvidence): OutcomeCheck | null {
  const { sync, chrony } = assessment.observation.facts;
  const followed = sync?.value.source ?? null;
  if (followed === null || sync?.value.synchronized === false) return null;
  const foreign = assessment.reasons.find(({ code }) => code === 'unintended-source');
  // Whoever adopted a setup took its sources as they are.
  if (foreign !== undefined && !design.adopted) return { code: 'source', holds: false, text: foreign.text };
  const selected = chrony?.value.sources?.find(({ state }) => state === 'selected');
  const names = [followed, selected?.name, selected?.address];
  const servers = cluster.nodes.flatMap(({ node }) =>
    design.servers.includes(node.address) ? [node.address, node.name] : [],
  );
  const listed = [...design.upstreams, ...servers].some((name) => names.includes(name));
  return {
    code: 'source',
    // An address may be that of a host name in the list: nobody can tell.
    holds: listed || design.adopted || selected?.mode === 'refclock' ? true : null,
    text: text(`It follows ${followed}.`, `它跟随 ${followed}。`),
  };
}

export function syncCheck({ assessment }: OutcomeEvidence): OutcomeCheck | null {
  const sync = assessment.observation.facts.sync?.value ?? null;
  if (sync === null) return null;
  const { synchronized, stratum, daemon } = sync;
  const sources = assessment.observation.facts.chrony?.value.sources ?? [];
  // chronyd goes on calling itself synchronized for hours after it has lost its last selectable source.
  if (sources.length > 0 && !isOwnClock(assessment) && !sources.some(({ state }) => state === 'selected')) {
    return {
      code: 'synchronized',
      holds: false,
      text: text(
        `${daemon ?? 'chronyd'} can select none of its sources.`,
        `${daemon ?? 'chronyd'} 没有可选用的时间源。`,
      ),
    };
  }
  const name = daemon ?? 'NTP';
  const words =
    synchronized === true
      ? text(
          `${name} is synchronized, stratum ${stratum ?? '?'}.`,
          `${name} 已同步，层级 ${stratum ?? '?'}。`,
        )
      : text(`${name} is not synchronized.`, `${name} 未同步。`);
  return { code: 'synchronized', holds: synchronized, text: words };
}

/** A server of the cluster without a reference hands on its own oscillator, through as many others as there are. */
export function localCheck({ assessment, design, cluster }: OutcomeEvidence): OutcomeCheck | null {
  const { sync, chrony } = assessment.observation.facts;
  if (sync?.value.synchronized !== true) return null;
  const selected = chrony?.value.sources?.find(({ state }) => state === 'selected');
  const names = [sync.value.source, selected?.name, selected?.address];
  const inside = cluster.nodes.some(({ node }) => names.includes(node.address) || names.includes(node.name));
  const leads = isOwnClock(assessment);
  if (leads || (inside && isOrphanStratum(sync.value.stratum))) {
    return {
      code: 'outside',
      holds: false,
      text: leads
        ? text('It serves its own clock: it has no reference.', '它提供的是自己的时钟：没有参考时钟。')
        : text(
            `It keeps time with its cluster (${sync.value.source}); nobody outside stands behind it.`,
            `它与本集群(${sync.value.source})保持一致，但没有外部参考。`,
          ),
    };
  }
  if (design.upstreams.length === 0 && !inside) return null;
  return {
    code: 'outside',
    holds: true,
    text: text('A reference outside stands behind it.', '其时间来自外部参考。'),
  };
}

function isOwnClock(assessment: OutcomeEvidence['assessment']): boolean {
  return assessment.observation.facts.sync?.value.refId === LOCAL_REFERENCE;
}

/** STA_UNSYNC. chronyd does not clear it for a clock that it follows nobody with. */
export function kernelCheck({ assessment }: OutcomeEvidence): OutcomeCheck | null {
  const kernel = assessment.observation.facts.kernel?.value ?? null;
  if (kernel === null) return null;
  const set = assessment.reasons.find(
    ({ code }) => code === 'kernel-unsync' || code === 'kernel-unsync-rtcsync',
  );
  return {
    code: 'kernel',
    holds: kernel.unsync ? (isOwnClock(assessment) ? null : false) : true,
    text: set?.text ?? text('The kernel calls the clock synchronized.', '内核认为时钟已同步。'),
  };
}

/** Its clock, as it was read from here, against the time that others tell. */
export function clockCheck({ assessment, truth, limitSeconds }: OutcomeEvidence): OutcomeCheck | null {
  const clock = assessment.clock?.value.offset;
  if (clock === undefined || truth === null) return null;
  const offset = difference(clock, truth.time);
  return judged('clock', offset, limitSeconds, truth.by.join(', '));
}

/** Its clock against the other nodes'. */
export function agreeCheck({ assessment, limitSeconds }: OutcomeEvidence): OutcomeCheck | null {
  if (assessment.offset === null) return null;
  return judged('agrees', assessment.offset, limitSeconds, null);
}

/** @param by who it is compared with; null: the cluster median */
function judged(
  code: 'clock' | 'agrees',
  offset: Estimate,
  limitSeconds: number,
  by: string | null,
): OutcomeCheck {
  const place = compareWithLimit(offset, limitSeconds);
  const against: Text =
    by === null ? text('the cluster median', '集群中位数') : text(by, by.replaceAll(', ', '、'));
  const limit = formatSeconds(limitSeconds);
  const value = formatOffset(offset);
  const words = {
    within: text(
      `Its clock stands ${value} from ${against.en}.`,
      `其时钟相对${by === null ? '' : ' '}${against['zh-CN']}${by === null ? '' : ' '}的偏移为 ${value}。`,
    ),
    beyond: text(
      `Its clock stands ${value} from ${against.en}: beyond ±${limit}.`,
      `其时钟相对${by === null ? '' : ' '}${against['zh-CN']}${by === null ? '' : ' '}的偏移为 ${value}：超出 ±${limit}。`,
    ),
    straddles: text(
      `Its clock stands ${value} from ${against.en}: too coarse to be told from ±${limit}.`,
      `其时钟相对${by === null ? '' : ' '}${against['zh-CN']}${by === null ? '' : ' '}的偏移为 ${value}：误差界过大，无法与 ±${limit} 区分。`,
    ),
  }[place];
  return { code, holds: { within: true, beyond: false, straddles: null }[place], text: words };
}

/** A liar among the upstreams is outvoted by the others; it is said all the same. */
export function upstreamsCheck({ truth, disagreement }: OutcomeEvidence): OutcomeCheck | null {
  if (disagreement !== null) return { code: 'upstreams', holds: false, text: disagreement };
  const liars = truth?.falsetickers ?? [];
  if (liars.length === 0) return null;
  const others = truth?.by ?? [];
  return {
    code: 'upstreams',
    holds: false,
    text: text(
      `${liars.join(', ')} contradict${liars.length === 1 ? 's' : ''} ${others.join(', ')}: a falseticker among the upstreams.`,
      `${liars.join('、')} 与 ${others.join('、')} 矛盾：上游中有错误时间源。`,
    ),
  };
}
