/** What speaks against a design: errors without which there is none, warnings beside it. */

import type { NodeSpec } from '../inventory/index.ts';
import type { TimesyncConfig } from '../policy/index.ts';
import { text } from '../text/index.ts';
import { isPoolName, isSmeared } from '../time-servers/index.ts';
import { SERVERS_WANTED } from './choose-servers.ts';
import type { DesignContext, DesignProblem, NodeDesign } from './design.ts';
import { islandLeader } from './followed-time.ts';

type Add = (severity: DesignProblem['severity'], en: string, zh: string) => void;

function collect(fill: (add: Add) => void): readonly DesignProblem[] {
  const problems: DesignProblem[] = [];
  fill((severity, en, zh) => problems.push({ severity, text: text(en, zh) }));
  return problems;
}

/** @param named nodes of the cluster that a `servers` list names */
export function clusterProblems(
  { topology, policy, timesync, servers, nodeNamed }: DesignContext,
  designs: readonly NodeDesign[],
  named: readonly NodeSpec[],
): readonly DesignProblem[] {
  const outside = timesync.servers.filter((name) => nodeNamed(name) === undefined);
  return collect((add) => {
    if (policy.nodes.length === 0) add('error', 'There are no nodes.', '没有任何节点。');
    if (topology === 'island' && outside.length > 0) {
      add(
        'error',
        `An island follows nobody outside, but \`servers\` names ${outside.join(', ')}, no nodes of this cluster.`,
        `孤岛模式不跟随外部时间源，但 \`servers\` 中的 ${outside.join('、')} 不是本集群的节点。`,
      );
    }
    if (topology === 'direct' && named.length > 0) {
      const names = named.map(({ name }) => name);
      add(
        'error',
        `With \`topology: direct\` no node serves, but \`servers\` names ${names.join(', ')}.`,
        `\`topology: direct\` 时没有节点提供服务，但 \`servers\` 中有 ${names.join('、')}。`,
      );
    }
    if (
      topology !== 'direct' &&
      servers.length > 0 &&
      servers.length < SERVERS_WANTED &&
      policy.nodes.length >= SERVERS_WANTED
    ) {
      add(
        'warning',
        `Only ${servers.length} of the nodes ${servers.length === 1 ? 'serves' : 'serve'}: clients want three to find a wrong one.`,
        `只有 ${servers.length} 个节点提供服务：客户端至少需要三个才能识别出错的那个。`,
      );
    }
    if (topology === 'island' && timesync.refclocks.length === 0 && timesync.ptp === null) {
      const leader = islandLeader({ topology, nodes: designs });
      const [en, zh] = leader === null ? ['one server', '其中一个服务端'] : [leader, ` ${leader} `];
      add(
        'warning',
        `An island agrees with itself, not with the world: set the clock of ${en} by hand${leader === null ? '' : ' (the smallest address leads)'}, and again when it has drifted too far (about a second a day).`,
        `孤岛模式只保证内部一致，与外界无关：请手动设定${zh}的时钟${leader === null ? '' : '(地址最小者主导)'}，漂移过大(约每天一秒)时再次设定。`,
      );
    }
    if (topology !== 'island' && policy.nodes.length > 0 && !designs.some(hasReference)) {
      add(
        'error',
        'Nobody is there to follow: name `upstreams` (three or more), take a preset (`--preset public`), or say `topology: island`.',
        '没有可跟随的时间源：请设置 `upstreams`(三个以上)，使用预设(`--preset public-cn`)，或写明 `topology: island`。',
      );
    }
  });
}

/** A pool's name stands for as many servers as chronyd takes from it: four. */
export function countOf(upstreams: readonly string[]): number {
  return upstreams.reduce((sum, name) => sum + (isPoolName(name) ? 4 : 1), 0);
}

function hasClock({ refclocks, ptp }: NodeDesign): boolean {
  return refclocks.length > 0 || ptp !== null;
}

/** Somebody outside of the cluster, or a clock of its own; an adopted node has what it has. */
function hasReference(design: NodeDesign): boolean {
  return design.adopted || design.upstreams.length > 0 || hasClock(design);
}

/** Names in front of a problem; more are counted. */
const NAMES_SHOWN = 5;

/** What is wrong with the designs of single nodes: once for all who share it, with their names where it is their own doing. */
export function nodeProblems(
  designs: readonly NodeDesign[],
  timesync: TimesyncConfig,
): readonly DesignProblem[] {
  const found = designs
    .filter(({ adopted }) => !adopted)
    .flatMap((design) =>
      problemsOfNode(design, { ...timesync, ...design.overrides }).map((problem) => ({ design, problem })),
    );
  return groupedByText(found).map(({ problem, designs: shared }) => {
    if (shared.some(({ overrides }) => Object.keys(overrides).length === 0)) return problem;
    return withNames(shared, problem);
  });
}

/** What several nodes have in common is said once, in the order in which it was found. */
export function groupedByText(
  found: readonly { readonly design: NodeDesign; readonly problem: DesignProblem }[],
): readonly { readonly problem: DesignProblem; readonly designs: readonly NodeDesign[] }[] {
  const groups = new Map<string, { readonly problem: DesignProblem; readonly designs: NodeDesign[] }>();
  for (const { design, problem } of found) {
    const known = groups.get(problem.text.en);
    if (known === undefined) groups.set(problem.text.en, { problem, designs: [design] });
    else known.designs.push(design);
  }
  return [...groups.values()];
}

/** A problem with the names of those whom it is about in front. */
export function withNames(designs: readonly NodeDesign[], problem: DesignProblem): DesignProblem {
  const names = designs.slice(0, NAMES_SHOWN).map(({ node }) => node.name);
  const shown = designs.length > names.length ? [...names, '…'] : names;
  return {
    ...problem,
    text: text(`${shown.join(', ')}: ${problem.text.en}`, `${shown.join('、')}：${problem.text['zh-CN']}`),
  };
}

function problemsOfNode(design: NodeDesign, settings: TimesyncConfig): readonly DesignProblem[] {
  const { upstreams, refclocks, ptp } = design;
  return collect((add) => {
    if (design.part === 'server' && design.allow.length === 0) {
      add(
        'error',
        'Servers must know whom to serve: name the node networks in `allow`, as 10.2.0.0/16.',
        '服务端必须知道为谁服务：请在 `allow` 中写明节点网段，如 10.2.0.0/16。',
      );
    }
    if (design.daemon === 'systemd-timesyncd' && (refclocks.length > 0 || ptp !== null)) {
      add('error', 'systemd-timesyncd knows no reference clocks.', 'systemd-timesyncd 不支持参考时钟。');
    }
    if (design.daemon === 'systemd-timesyncd' && settings.nts && upstreams.length > 0) {
      add('error', 'systemd-timesyncd knows no NTS.', 'systemd-timesyncd 不支持 NTS。');
    }
    if (ptp !== null && ptp.program === 'ptp4l' && ptp.interfaces.length > 1) {
      add(
        'error',
        'ptp4l steers one hardware clock; several interfaces want `program: timemaster`.',
        'ptp4l 只驾驭一个硬件时钟；多个接口请使用 `program: timemaster`。',
      );
    }
    sourceProblems(design, add);
    upstreamNameProblems(upstreams, settings, add);
  });
}

/** Too few sources; the peers of a server are no outside reference, so they do not count. */
function sourceProblems(design: NodeDesign, add: Add): void {
  const { upstreams, servers, part, orphan } = design;
  if (hasClock(design)) return;
  const outside = countOf(upstreams);
  if (outside + servers.length === 0 && !orphan) {
    add('error', 'It follows nobody.', '没有可跟随的时间源。');
  }
  if (part === 'client' && servers.length > 0) {
    if (outside + servers.length === 1)
      add(
        'warning',
        'One server alone is followed: when it lies or dies, nobody notices.',
        '只跟随一个服务端：它出错或失效时无人察觉。',
      );
    return;
  }
  if (outside === 1) {
    add(
      'warning',
      `Everybody hangs on one upstream (${upstreams[0]}): when it lies or dies, nobody notices.`,
      `所有节点都依赖同一个上游(${upstreams[0]})：它出错或失效时无人察觉。`,
    );
  }
  if (outside === 2) {
    add(
      'warning',
      'Two upstreams cannot outvote each other: when one lies, nobody knows which. Three find it, four find it with one of them down.',
      '两个上游无法互相否决：其中一个出错时无法判断是谁。三个可以识别，四个在一个失效时仍可识别。',
    );
  }
}

function upstreamNameProblems(upstreams: readonly string[], { nts }: TimesyncConfig, add: Add): void {
  const unprovable = nts ? upstreams.filter((name) => isIpAddress(name) || isPoolName(name)) : [];
  if (unprovable.length > 0) {
    add(
      'error',
      `NTS proves the name of a server, so each upstream must be the name in its certificate; ${unprovable.join(', ')} cannot be.`,
      `NTS 验证的是服务器名称，因此每个上游都必须写证书中的名称；${unprovable.join('、')} 无法验证。`,
    );
  }
  const smeared = upstreams.filter(isSmeared);
  if (smeared.length > 0 && smeared.length < upstreams.length) {
    add(
      'warning',
      `${smeared.join(', ')} smears leap seconds, the other upstreams do not: on such a day they differ by up to half a second and outvote each other. Take one kind.`,
      `${smeared.join('、')} 会平滑闰秒，其他上游不会：闰秒当天两者最多相差半秒，并会互相否决。请只用其中一类。`,
    );
  }
}

function isIpAddress(name: string): boolean {
  return name.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}
