/** Whether a setup that somebody made by hand may stay as it is. */
import type { ClusterDesign, NodeOutcome } from '@clockwarden/core/configure';
import { isDaemonFile, lintText } from '@clockwarden/core/lint';
import { type Text, text } from '@clockwarden/core/text';
import { contextThere, type NodeFile } from '../lint/node-files.ts';
import { subjectOf } from '../lint/subject.ts';

export interface Examined {
  readonly name: string;
  readonly reached: boolean;
  /** Why not, one line each; empty: it is healthy. */
  readonly objections: readonly Text[];
}

/** The same design, in which these nodes follow whom they follow. */
export function asAdopted(design: ClusterDesign, names: readonly string[]): ClusterDesign {
  return {
    ...design,
    nodes: design.nodes.map((node) => (names.includes(node.node.name) ? { ...node, adopted: true } : node)),
  };
}

/** @param files the configuration on this node and the others */
export function examine(outcome: NodeOutcome, files: readonly NodeFile[]): Examined {
  const { node: name, grade, waitsFor, checks } = outcome;
  const failing = checks.filter(({ code, holds }) => holds === false && code !== 'upstreams');
  const unwell =
    grade === 'good' ? [] : failing.length > 0 ? failing.map((check) => check.text) : [waitsFor ?? unclear];
  return {
    name,
    reached: grade !== 'unreached',
    objections: [...unwell, ...(grade === 'unreached' ? [] : mistakesIn(name, files))],
  };
}

const unclear = text('It is not synchronized.', '它尚未同步。');

function mistakesIn(name: string, files: readonly NodeFile[]): readonly Text[] {
  const own = files.filter(({ node }) => node === name);
  return own.flatMap((file) => {
    const { path, content } = file;
    const subject = subjectOf(path, content);
    if (subject === null || !isDaemonFile(subject)) return [];
    return lintText(content, subject, contextThere(file, own))
      .filter(({ rule }) => rule.severity === 'error')
      .map(({ rule, line }) =>
        text(
          `${path}:${line ?? 1}: ${rule.title.en} (${rule.code})`,
          `${path}:${line ?? 1}：${rule.title['zh-CN']}(${rule.code})`,
        ),
      );
  });
}
