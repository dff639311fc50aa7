/** What an expert concludes about the sources of a chronyd. One rule, one function; their order is in conclusions.ts. */
import { LOCAL_REFERENCE } from '../chrony/index.ts';
import { expertCommands } from '../expert-commands/index.ts';
import type { ChronySource } from '../observe/index.ts';
import { formatDuration, text } from '../text/index.ts';
import { isUnresolved, rejectsSamples } from './chrony-sources.ts';
import type { PastedFacts } from './facts.ts';
import { commandsOfChronyd, type Rule } from './rule.ts';
import { aheadOrBehind, pollSeconds } from './words.ts';

/** Names for a sentence: three, then a count. */
function list(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')}, … (${names.length})`;
}

/** Sources that have an address and are asked over the network. */
function networkSources({ sources }: PastedFacts): readonly ChronySource[] {
  return (sources ?? []).filter((source) => source.mode !== 'refclock' && !isUnresolved(source));
}

export const noSources: Rule = ({ sources, activity, tracking }) => {
  const counted =
    activity === null ? 0 : (activity.online ?? 0) + (activity.offline ?? 0) + (activity.unresolved ?? 0);
  if (sources === null || sources.length > 0 || counted > 0) return null;
  if (tracking?.refId === LOCAL_REFERENCE) return null;
  return {
    code: 'no-sources',
    importance: 'problem',
    text: text('chronyd has no sources at all.', 'chronyd 没有任何时间源。'),
    next: text(
      'Add `server` or `pool` lines to its configuration, three or better four servers.',
      '请在其配置中加入 `server` 或 `pool`，三个、最好四个服务端。',
    ),
    commands: commandsOfChronyd('configuration'),
  };
};

export const unresolvedNames: Rule = ({ sources, activity }) => {
  const names = (sources ?? []).filter(isUnresolved).map(({ name }) => name);
  const count = Math.max(names.length, activity?.unresolved ?? 0);
  if (count === 0) return null;
  const which = names.length === 0 ? '' : `: ${list(names)}`;
  return {
    code: 'names-unresolved',
    importance: 'attention',
    text: text(
      `${count === 1 ? 'One name does' : `${count} names do`} not resolve${which}.`,
      `有 ${count} 个名称无法解析${which}。`,
    ),
    next: text(
      'Check DNS on the node, or write addresses: time should not depend on names that depend on time.',
      '检查节点上的 DNS，或直接写地址：时间不应依赖于本身又依赖时间的名称解析。',
    ),
    commands: [],
  };
};

export const sourcesOffline: Rule = ({ activity }) => {
  const offline = activity?.offline ?? 0;
  if (offline === 0) return null;
  const all = activity?.online === 0;
  return {
    code: 'sources-offline',
    importance: all ? 'problem' : 'attention',
    text: text(
      all
        ? 'All sources are switched off.'
        : `${offline} of the sources ${offline === 1 ? 'is' : 'are'} switched off.`,
      all ? '所有源都已停用。' : `有 ${offline} 个源已停用。`,
    ),
    next: text(
      '`chronyc online` switches them on; a network hook may have switched them off.',
      '`chronyc online` 可重新启用；可能是网络脚本将其停用。',
    ),
    commands: commandsOfChronyd('resync').slice(0, 1),
  };
};

export const silentSources: Rule = (facts) => {
  const asked = networkSources(facts);
  const silent = asked.filter(({ reach, state }) => reach === 0 && state !== 'selected');
  if (silent.length === 0) return null;
  const all = silent.length === asked.length;
  const names = list(silent.map(({ name }) => name));
  return {
    code: all ? 'nobody-answers' : 'source-silent',
    importance: all ? 'problem' : 'attention',
    text: all
      ? text(
          `None of the ${asked.length} sources answers: UDP 123 is blocked on the way, or the network is down.`,
          `${asked.length} 个源都没有应答：途中 UDP 123 被阻断，或网络不通。`,
        )
      : text(
          `${names} ${silent.length === 1 ? 'does' : 'do'} not answer, while others do: down, not serving this node, or a wrong address.`,
          `${names} 没有应答，而其他源有：对方停机、不为本节点服务，或地址有误。`,
        ),
    next: all
      ? text(
          'Watch whether requests leave and replies return; then look at the firewalls of both sides and at `allow` on the servers.',
          '观察请求是否发出、应答是否返回；然后检查双方防火墙以及服务端的 `allow`。',
        )
      : text('Ask one of them directly from this node.', '从本节点直接询问其中一个。'),
    commands: all
      ? commandsOfChronyd('network').slice(1, 2)
      : expertCommands(null, 'chronyd', 'measure', silent[0]?.address).slice(0, 1),
  };
};

export const noMajority: Rule = ({ sources }) => {
  const judged = (sources ?? []).filter(
    ({ lastSampleAgeSeconds, reach }) => lastSampleAgeSeconds !== null && reach > 0,
  );
  const false_ = judged.filter(({ state }) => state === 'falseticker');
  if (
    false_.length < 2 ||
    judged.some(({ state }) => ['selected', 'combined', 'not-combined'].includes(state))
  )
    return null;
  const offsets = false_.map(({ adjustedOffsetSeconds }) => adjustedOffsetSeconds);
  const spread = formatDuration(Math.max(...offsets) - Math.min(...offsets));
  return {
    code: 'no-majority',
    importance: 'problem',
    text: text(
      `The sources contradict each other (${spread} apart) and there is no majority, so chronyd follows none.`,
      `各源互相矛盾(相差 ${spread})且没有多数派，因此 chronyd 不跟随任何一个。`,
    ),
    next: text(
      'Find out which one is right, by a further independent server; then remove or mend the wrong one. With four sources one liar is outvoted.',
      '借助另一个独立的服务端判断谁是对的，然后移除或修复错误的那个。有四个源时，一个错误源会被多数否决。',
    ),
    commands: commandsOfChronyd('measure'),
  };
};

export const falsetickers: Rule = ({ sources }) => {
  const liars = (sources ?? []).filter(({ state }) => state === 'falseticker');
  const good = (sources ?? []).some(({ state }) => ['selected', 'combined', 'not-combined'].includes(state));
  const [first] = liars;
  if (first === undefined || !good) return null;
  const side = aheadOrBehind(-first.adjustedOffsetSeconds);
  return {
    code: 'falseticker',
    importance: 'attention',
    text:
      liars.length === 1
        ? text(
            `${first.name} is wrong: its time is ${side.en} the others’. It is not followed.`,
            `${first.name} 有误：其时间${side.zh('其他源')}。它未被跟随。`,
          )
        : text(
            `${liars.length} sources contradict the majority: ${list(liars.map(({ name }) => name))}.`,
            `${liars.length} 个源与多数矛盾：${list(liars.map(({ name }) => name))}。`,
          ),
    next: text(
      'Mend or replace it; every node that has it alone follows it.',
      '请修复或更换它；只有它作为来源的节点都会跟着出错。',
    ),
    commands: [],
  };
};

export const deadButSelected: Rule = ({ sources }) => {
  const dead = (sources ?? []).find(({ state, reach }) => state === 'selected' && reach === 0);
  if (dead === undefined) return null;
  const since = dead.lastSampleAgeSeconds === null ? '' : formatDuration(dead.lastSampleAgeSeconds);
  return {
    code: 'selected-source-dead',
    importance: 'problem',
    text: text(
      `${dead.name} is still marked \`*\` but has not answered for eight polls${since === '' ? '' : ` (last sample ${since} ago)`}: the clock coasts, and its error grows.`,
      `${dead.name} 仍标记为 \`*\`，但连续八次轮询没有应答${since === '' ? '' : `(最近样本在 ${since} 之前)`}：时钟正在滑行，误差不断增长。`,
    ),
    next: text('Bring it back or give chronyd other sources.', '恢复该源，或为 chronyd 增加其他源。'),
    commands: commandsOfChronyd('network').slice(1, 2),
  };
};

export const rejectedSamples: Rule = ({ sources }) => {
  const rejected = (sources ?? []).filter(rejectsSamples);
  const [first] = rejected;
  if (first === undefined) return null;
  const age = first.lastSampleAgeSeconds === null ? '—' : formatDuration(first.lastSampleAgeSeconds);
  return {
    code: 'samples-rejected',
    importance: 'attention',
    text: text(
      `${list(rejected.map(({ name }) => name))} answered every poll, but the samples are rejected (last good one: ${age}; a poll every ${formatDuration(pollSeconds(first.poll))}).`,
      `${list(rejected.map(({ name }) => name))} 每次轮询都有应答，但样本被拒绝(最近良好样本：${age}；每 ${formatDuration(pollSeconds(first.poll))} 轮询一次)。`,
    ),
    next: text('`chronyc ntpdata` shows which test fails.', '`chronyc ntpdata` 会显示哪项检验未通过。'),
    commands: commandsOfChronyd('sources').slice(-1),
  };
};

export const poorPath: Rule = ({ sources, selectData, ntpData }) => {
  const bad = new Set([
    ...(sources ?? []).filter(({ state }) => state === 'jittery').map(({ name }) => name),
    ...(selectData ?? []).filter(({ state }) => state === 'd' || state === '~').map(({ name }) => name),
    ...(ntpData ?? [])
      .filter(
        ({ jitterAsymmetry, peerDelaySeconds }) =>
          Math.abs(jitterAsymmetry ?? 0) > 0.4 && (peerDelaySeconds ?? 0) > 1e-3,
      )
      .map(({ address }) => address),
  ]);
  if (bad.size === 0) return null;
  return {
    code: 'poor-path',
    importance: 'attention',
    text: text(
      `The path to ${list([...bad])} is poor: large or one-sided delays.`,
      `到 ${list([...bad])} 的路径质量差：时延大或两个方向不对称。`,
    ),
    next: text(
      'Prefer servers that are near; a busy link in one direction shifts the time by half of its extra delay.',
      '优先使用较近的服务端；单向拥塞会使时间偏移其额外时延的一半。',
    ),
    commands: [],
  };
};

export const tooFewSources: Rule = ({ sources, tracking }) => {
  if (sources === null || sources.length === 0 || tracking?.refId === LOCAL_REFERENCE) return null;
  if (sources.some(({ mode, state }) => mode === 'refclock' && state === 'selected')) return null;
  const usable = sources.filter(
    ({ state, reach }) => ['selected', 'combined', 'not-combined'].includes(state) && reach > 0,
  );
  if (usable.length >= 3 || usable.length === 0) return null;
  return {
    code: 'too-few-sources',
    importance: 'plain',
    text:
      usable.length === 1
        ? text('Only one good source: when it lies, nobody notices.', '只有一个可用的源：它出错时无人察觉。')
        : text(
            'Two good sources: when one lies, nobody can tell which.',
            '有两个可用的源：其中一个出错时，无法判断是哪一个。',
          ),
    next: text(
      'Three sources outvote one liar, four still do when one is down (RFC 8633). A client that follows the cluster’s own servers should have all of them.',
      '三个源可以否决一个错误源，四个源在一个停机时仍可以(RFC 8633)。跟随集群内部服务端的客户端应配置全部服务端。',
    ),
    commands: [],
  };
};
