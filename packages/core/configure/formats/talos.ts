import { defaultTimesync, type TimesyncConfig } from '../../policy/index.ts';
import { text } from '../../text/index.ts';
import { type DesignProblem, settingsOf } from '../design.ts';
import type { Format, RenderedNode } from './index.ts';
import { about } from './problems.ts';

/** Talos has its own SNTP client and no files of ours: a machine configuration patch that names whom it follows. */
export const talos: Format = {
  family: null,
  problems: talosProblems,
  document: ({ design }) => ({
    suffix: '.talos.yaml',
    syntax: 'yaml',
    data: { machine: { time: { disabled: false, servers: [...design.servers, ...design.upstreams] } } },
  }),
};

function talosProblems(nodes: readonly RenderedNode[]): readonly DesignProblem[] {
  const refuse = (
    en: string,
    zh: string,
    isAbout: (node: RenderedNode) => boolean,
  ): readonly DesignProblem[] => about(nodes, isAbout, { severity: 'error', text: text(en, zh) });
  return [
    ...refuse(
      'Talos follows and cannot serve, so its clients would get no answer: say `topology: direct`, or name others as servers.',
      'Talos 只能跟随，不能提供时间，其客户端将得不到应答：请写 `topology: direct`，或指定其他机器为服务端。',
      ({ design }) => design.part === 'server',
    ),
    ...refuse(
      'A patch of `machine.time` knows names and addresses of servers only, no `ptp` and no `refclocks`.',
      '`machine.time` 补丁只能写服务器的名称和地址，不支持 `ptp` 和 `refclocks`。',
      ({ design }) => design.ptp !== null || design.refclocks.length > 0,
    ),
    ...refuse(
      'A patch of `machine.time` proves nobody, by `nts` or by `keys`: the servers would be believed unproved.',
      '`machine.time` 补丁无法用 `nts` 或 `keys` 验证服务器：将在未验证的情况下相信它们。',
      ({ design, timesync }) => {
        const { nts, keys } = settingsOf(design, timesync);
        return (nts && design.upstreams.length > 0) || (keys !== null && design.servers.length > 0);
      },
    ),
    ...withoutEffect(nodes),
    ...about(nodes, ({ design }) => design.timezone !== null, {
      severity: 'warning',
      text: text(
        'Talos is always in UTC: `timezone` does not hold there.',
        'Talos 始终使用 UTC：`timezone` 在其上不生效。',
      ),
    }),
  ];
}

/** Settings of chronyd and timesyncd for which its client has no place, by what tells that they were written. */
const otherSettings: Readonly<Record<string, (settings: TimesyncConfig) => boolean>> = {
  makestep: ({ makestep: { thresholdSeconds, limit } }) =>
    thresholdSeconds !== defaultTimesync.makestep.thresholdSeconds ||
    limit !== defaultTimesync.makestep.limit,
  minSources: ({ minSources }) => minSources !== null,
  fallback: ({ fallback }) => fallback.length > 0,
  hwtimestamp: ({ hwtimestamp }) => hwtimestamp.length > 0,
};

function withoutEffect(nodes: readonly RenderedNode[]): readonly DesignProblem[] {
  return Object.entries(otherSettings).flatMap(([name, isWritten]) =>
    about(nodes, ({ design, timesync }) => isWritten(settingsOf(design, timesync)), {
      severity: 'warning',
      text: text(
        `Talos has a client of its own, without \`${name}\`: it does not hold there.`,
        `Talos 使用自带的客户端，没有 \`${name}\`：该设置在其上不生效。`,
      ),
    }),
  );
}
