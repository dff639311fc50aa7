/** Whether a node is what it was before the runs that were put back. */
import {
  type Action,
  type ConfigureFacts,
  clockJobLines,
  clockUnits,
  filesFound,
  fromBase64,
  networksToOpen,
  otherFiles,
  type UnitState,
  unitOf,
} from '@clockwarden/core/configure';
import { type Text, text } from '@clockwarden/core/text';
import type { UndoneRun } from './prepare.ts';

/** Null: it is. @param runs newest first @param facts of the node as it is now */
export function notBack(runs: readonly UndoneRun[], facts: ConfigureFacts): Text | null {
  const before = stateBefore(runs);
  const problems = [
    listed('Not what it was', '未恢复原状', otherThanBefore(runs, facts)),
    listed('Not installed again', '未重新安装', missingPackages(before, facts)),
    listed('Not removed again', '未重新移除', leftPackages(before, facts)),
    ...otherUnits(before, facts),
    listed('Still open for UDP 123', 'UDP 123 仍然放行', stillOpen(before, facts)),
    hadDaemon(runs) && !runsDaemon(facts) ? text('No time daemon runs.', '没有时间守护进程在运行。') : null,
  ].filter((problem) => problem !== null);
  if (problems.length === 0) return null;
  return text(problems.map(({ en }) => en).join(' '), problems.map((problem) => problem['zh-CN']).join(''));
}

function listed(en: string, zh: string, names: readonly string[]): Text | null {
  return names.length === 0 ? null : text(`${en}: ${names.join(', ')}.`, `${zh}：${names.join('、')}。`);
}

/** What the node was, as far as the runs changed it and files do not tell. */
interface StateBefore {
  /** Whether it was installed; `purged`: not even its configuration was there. */
  readonly packages: Map<string, 'installed' | 'removed' | 'purged'>;
  readonly units: Map<string, UnitState>;
  readonly closed: Map<string, Extract<Action, { kind: 'close-firewall' }>>;
}

/** The inverses in the order in which they are due: the last word is the one of the oldest run's first action. */
function stateBefore(runs: readonly UndoneRun[]): StateBefore {
  const before: StateBefore = { packages: new Map(), units: new Map(), closed: new Map() };
  const { packages, units, closed } = before;
  const remove = (name: string, purge: boolean): void => {
    packages.set(name, purge ? 'purged' : 'removed');
    units.delete(unitOf(name));
  };
  const inverses = runs.flatMap(({ job }) =>
    (job ?? []).toReversed().flatMap(({ inverse }) => inverse ?? []),
  );
  for (const inverse of inverses) {
    switch (inverse.kind) {
      case 'install-package':
        for (const name of inverse.removes) remove(name, inverse.purge.includes(name));
        packages.set(inverse.package, 'installed');
        break;
      case 'remove-package':
        remove(inverse.package, inverse.purge);
        break;
      case 'set-units':
        for (const [unit, state] of Object.entries(inverse.units)) units.set(unit, state);
        break;
      case 'close-firewall':
        closed.set(`${inverse.backend} ${inverse.networks.join(' ')}`, inverse);
        break;
      default:
        break;
    }
  }
  return before;
}

/** Facts have a crontab only while it sets the clock: one that did, and is not in them, was not put back. */
function otherThanBefore(runs: readonly UndoneRun[], facts: ConfigureFacts): readonly string[] {
  const found = new Map(runs.flatMap(({ job }) => (job === null ? [] : [...filesFound(job)])));
  const silenced = [...found].flatMap(([path, state]) =>
    facts.files[path] === undefined &&
    state.kind === 'file' &&
    clockJobLines(fromBase64(state.content)).length > 0
      ? [path]
      : [],
  );
  return [...otherFiles(found, facts), ...silenced];
}

function missingPackages({ packages: before }: StateBefore, { packages }: ConfigureFacts): readonly string[] {
  return [...before].flatMap(([name, was]) =>
    was === 'installed' && packages[name]?.installed == null ? [name] : [],
  );
}

function leftPackages({ packages: before }: StateBefore, { packages }: ConfigureFacts): readonly string[] {
  return [...before].flatMap(([name, was]) => {
    const isThere = packages[name]?.installed != null;
    const isKept = was === 'purged' && packages[name]?.configFiles === true;
    return was !== 'installed' && (isThere || isKept) ? [name] : [];
  });
}

/** A unit that systemd does not know any more neither runs nor comes up. */
function otherUnits({ units: before }: StateBefore, { units }: ConfigureFacts): readonly Text[] {
  return [...before].flatMap(([unit, was]) => {
    const is = units[unit] ?? { active: false, enabled: false, masked: false };
    const en: string[] = [];
    const zh: string[] = [];
    if (is.active !== was.active) {
      en.push(was.active ? 'does not run' : 'runs');
      zh.push(was.active ? '没有运行' : '正在运行');
    }
    if (is.enabled !== was.enabled) {
      en.push(was.enabled ? 'is not enabled' : 'is enabled');
      zh.push(was.enabled ? '未启用' : '已启用');
    }
    if (is.masked !== was.masked) {
      en.push(was.masked ? 'is not masked' : 'is masked');
      zh.push(was.masked ? '未屏蔽' : '已屏蔽');
    }
    if (en.length === 0) return [];
    return [
      text(`${unit} ${en.join(' and ')}, other than before.`, `与之前不同，${unit} ${zh.join('且')}。`),
    ];
  });
}

/** Whether a firewall that was turned off since would keep them out cannot be seen. */
function stillOpen({ closed }: StateBefore, { firewall }: ConfigureFacts): readonly string[] {
  const all = [firewall, firewall?.also].filter((one) => one != null);
  return [...closed.values()].flatMap(({ backend, networks }) =>
    all
      .filter((one) => one.backend === backend)
      .flatMap((one) => networks.filter((network) => networksToOpen(one, [network]).length === 0))
      .map((network) => `${network} (${backend})`),
  );
}

function runsDaemon({ units }: ConfigureFacts): boolean {
  return clockUnits.some((unit) => units[unit]?.active === true);
}

/** A run that installed a daemon and removed none found a node without, and so did one that started a unit and stopped none. */
function hadDaemon(runs: readonly UndoneRun[]): boolean {
  const job = runs.at(-1)?.job ?? null;
  if (job === null) return true;
  return job.every(
    ({ inverse }) =>
      inverse?.kind !== 'remove-package' &&
      !(inverse?.kind === 'set-units' && Object.values(inverse.units).every(({ active }) => !active)),
  );
}
