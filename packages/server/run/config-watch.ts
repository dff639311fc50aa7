/** Takes up a changed configuration while the server runs. A bad one changes nothing but the status. */
import { type Stats, unwatchFile, watchFile } from 'node:fs';
import { errorTable, OperatorError } from '@clockwarden/core/errors';
import type { ClusterPolicy } from '@clockwarden/core/policy';
import type { Source } from '@clockwarden/core/ports';
import { type Text, text } from '@clockwarden/core/text';
import type { ConfigProblem } from '../http/index.ts';
import type { ClusterLoop } from '../loop/index.ts';

export interface Configuration {
  /** Reads everything anew; throws OperatorError with the places of the mistakes. */
  load(): { readonly policy: ClusterPolicy; readonly sources: readonly Source[] };
  /** The files that the policy came from. */
  files(policy: ClusterPolicy): readonly string[];
}

export interface ConfigWatch {
  readonly problem: ConfigProblem;
  /** Reads the configuration now. Resolves when it is in force, or was refused. */
  reload(): Promise<void>;
  close(): void;
}

/** Polling sees what inotify misses: editors that rename, mounted ConfigMaps that swing a link. */
const LOOK_MS = 1_000;

export function watchConfig(
  configuration: Configuration,
  loop: ClusterLoop,
  onOutcome: (problem: ConfigProblem, words: Text) => void,
): ConfigWatch {
  let problem: ConfigProblem = null;
  let watched: readonly string[] = [];
  let turn: Promise<void> = Promise.resolve();
  const look = (now: Stats, before: Stats): void => {
    // A file that does not exist is reported once, as different from nothing.
    const same = now.mtimeMs === before.mtimeMs && now.size === before.size && now.ino === before.ino;
    if (!same) void reload();
  };
  const watch = (policy: ClusterPolicy): void => {
    const files = configuration.files(policy);
    for (const file of watched) if (!files.includes(file)) unwatchFile(file, look);
    for (const file of files) {
      if (!watched.includes(file)) watchFile(file, { interval: LOOK_MS, persistent: false }, look);
    }
    watched = files;
  };
  const once = async (): Promise<void> => {
    let loaded: ReturnType<Configuration['load']>;
    try {
      loaded = configuration.load();
    } catch (error) {
      const why = describe(error);
      const words = text(
        `The configuration could not be taken up; the one before stays in force. ${why.en}`,
        `无法采用新的配置，之前的配置继续有效。${why['zh-CN']}`,
      );
      problem = { at: new Date().toISOString(), text: why };
      loop.tellNow('config', null, 'failed', words);
      onOutcome(problem, words);
      return;
    }
    const { policy, sources } = loaded;
    const words = reloadedText(loop.policy, policy);
    await loop.replace(policy, sources);
    watch(policy);
    problem = null;
    loop.tellNow('config', null, 'reloaded', words);
    onOutcome(null, words);
  };
  const reload = (): Promise<void> => {
    turn = turn.then(once);
    return turn;
  };
  watch(loop.policy);
  return {
    get problem() {
      return problem;
    },
    reload,
    close() {
      for (const file of watched) unwatchFile(file, look);
    },
  };
}

function reloadedText(before: ClusterPolicy, after: ClusterPolicy): Text {
  const later = (['console', 'history'] as const).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const nodes = text(
    `The configuration was read anew: ${after.nodes.length} ${after.nodes.length === 1 ? 'node' : 'nodes'}.`,
    `已重新读取配置：${after.nodes.length} 个节点。`,
  );
  if (later.length === 0) return nodes;
  const keys = later.map((key) => `\`${key}\``).join(', ');
  return text(
    `${nodes.en} ${keys} will be heeded at the next start.`,
    `${nodes['zh-CN']}${keys} 将在下次启动时生效。`,
  );
}

function describe(error: unknown): Text {
  if (!(error instanceof OperatorError)) return text(String(error), String(error));
  const { summary } = errorTable[error.code];
  const details = (language: 'en' | 'zh-CN'): string =>
    error.details
      .map(({ where, line, column, detail }) => {
        const place = [where, line, column].filter((part) => part !== undefined).join(':');
        return [place, detail?.[language]].filter((part) => part !== undefined && part !== '').join(': ');
      })
      .join('; ');
  return text(`${summary.en} ${details('en')}`.trim(), `${summary['zh-CN']}${details('zh-CN')}`);
}
