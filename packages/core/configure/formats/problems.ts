/** What several formats have against a design. Each problem is said once, with the names of its nodes. */
import { text } from '../../text/index.ts';
import type { DesignProblem } from '../design.ts';
import { withNames } from '../design-problems.ts';
import type { ConfigFamily } from '../files.ts';
import { installOf } from '../time-daemons.ts';
import type { RenderedNode } from './index.ts';

/** @returns nothing where it is about none of them */
export function about(
  nodes: readonly RenderedNode[],
  isAbout: (node: RenderedNode) => boolean,
  problem: DesignProblem,
): readonly DesignProblem[] {
  const designs = nodes.filter(isAbout).map(({ design }) => design);
  return designs.length === 0 ? [] : [withNames(designs, problem)];
}

/** As a plan says it. */
export function missingDaemon(nodes: readonly RenderedNode[]): readonly DesignProblem[] {
  return about(nodes, ({ design, family }) => installOf(family, design.daemon) === null, {
    severity: 'error',
    text: text(
      'RHEL and its kin have no systemd-timesyncd: say `mode: chrony`.',
      'RHEL 及其衍生版没有 systemd-timesyncd：请写 `mode: chrony`。',
    ),
  });
}

export function otherLayout(
  family: ConfigFamily | null,
  nodes: readonly RenderedNode[],
): readonly DesignProblem[] {
  return about(nodes, (node) => family !== null && node.family !== family, {
    severity: 'error',
    text: text(
      "Systems that take this format keep chrony where RHEL does, not where Debian does: these files would not be chronyd's.",
      '使用该格式的系统按 RHEL 而非 Debian 的布局存放 chrony 文件：chronyd 不会读取这些文件。',
    ),
  });
}

/** ptp4l and timemaster are neither on these images nor installed by the format, and chronyd would be told to wait for them. */
export function withoutLinuxptp(nodes: readonly RenderedNode[]): readonly DesignProblem[] {
  return about(nodes, ({ design }) => design.ptp !== null, {
    severity: 'error',
    text: text(
      'Systems that take this format come without linuxptp, so nothing would steer the hardware clock that `ptp` wants.',
      '使用该格式的系统不含 linuxptp，`ptp` 所需的硬件时钟将无人校准。',
    ),
  });
}
