/** Facts and design of one node → the actions that make the one the other, in the order that never leaves it without time. */
import type { TimesyncConfig } from '../policy/index.ts';
import { type Text, text } from '../text/index.ts';
import { type Action, type ConfiguredDaemon, inverseOf, type WritableState } from './actions.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { retireClockJobs } from './clock-jobs.ts';
import { type DesignProblem, type NodeDesign, settingsOf } from './design.ts';
import type { ConfigureFacts, FileState, UnitState } from './facts.ts';
import { type ConfigFamily, filesOf, type WantedFile } from './files.ts';
import { networksToOpen } from './firewall.ts';
import { ptpProblems } from './ptp-problems.ts';
import { type PtpNeeds, ptpNeeds } from './render/ptp.ts';
import { type SeenFacts, seenOf } from './seen.ts';
import {
  clockUnits,
  type DaemonInstall,
  excludedBy,
  familyOf,
  installOf,
  unitOf,
  unitsWanted,
  unsupported,
} from './time-daemons.ts';
import { planWarnings } from './warnings.ts';

export interface PlannedAction {
  readonly action: Action;
  /** Why, for the plan that is shown. */
  readonly reason: Text;
  /** Undoes it; null: it changed nothing that could be put back. */
  readonly inverse: Action | null;
}

export interface NodePlan {
  readonly node: string;
  readonly part: NodeDesign['part'];
  readonly actions: readonly PlannedAction[];
  readonly problems: readonly DesignProblem[];
  /** What the plan was made for; `apply` refuses when it has become another. */
  readonly seen: SeenFacts;
}

interface Step {
  readonly action: Action;
  readonly reason: Text;
}

/** An empty list of actions: the node is what it is meant to be. A problem of severity `error`: it will not be touched. */
export function planNode(design: NodeDesign, timesync: TimesyncConfig, facts: ConfigureFacts): NodePlan {
  const family = familyOf(facts.os);
  const install = family === null ? null : installOf(family, design.daemon);
  const problems = [
    ...(design.adopted ? [] : problemsOf(design, facts, family, install)),
    ...ptpProblems(design, facts),
    ...planWarnings(design, timesync, facts),
    ...unfinishedRun(facts),
  ];
  const base = { node: design.node.name, part: design.part, problems, seen: seenOf(facts) };
  const isRefused = problems.some((problem) => problem.severity === 'error');
  if (family === null || install === null || isRefused || design.adopted) return { ...base, actions: [] };
  const target: Target = { design, facts, family, install, ptp: ptpNeeds(design, family) };
  const files = filesOf(design, timesync, family, facts);
  const steps = [
    ...packageSteps(target),
    ...fileSteps(target, files),
    ...unitSteps(target),
    ...(settingsOf(design, timesync).firewall === 'off' ? [] : firewallSteps(design, facts)),
    ...clockJobSteps(facts),
    ...timezoneSteps(design, facts, family),
  ];
  return { ...base, actions: steps.map((step) => ({ ...step, inverse: inverseOf(step.action, facts) })) };
}

/** What is wanted of one node, and what it is. */
interface Target {
  readonly design: NodeDesign;
  readonly facts: ConfigureFacts;
  readonly family: ConfigFamily;
  readonly install: DaemonInstall;
  readonly ptp: PtpNeeds | null;
}

function isInstalled(facts: ConfigureFacts, name: string): boolean {
  return facts.packages[name]?.installed != null;
}

/** Without a package manager nobody lists what is there; a unit that systemd knows and may start is proof enough. */
function hasDaemon(facts: ConfigureFacts, install: DaemonInstall): boolean {
  if (facts.packageManager !== 'none') return isInstalled(facts, install.package);
  return facts.units[install.unit]?.masked === false;
}

function missingPackages(
  facts: ConfigureFacts,
  install: DaemonInstall,
  ptp: PtpNeeds | null,
): readonly string[] {
  const others = (ptp?.packages ?? []).filter((name) => !isInstalled(facts, name));
  return hasDaemon(facts, install) ? others : [install.package, ...others];
}

/** What the package manager takes away when it installs the wanted daemon. */
function removedFor({ facts, family, install }: Target): readonly string[] {
  if (hasDaemon(facts, install)) return [];
  return excludedBy(family, install.package).filter((name) => isInstalled(facts, name));
}

function packageSteps(target: Target): readonly Step[] {
  const { facts, install, ptp } = target;
  const removes = removedFor(target);
  const missing = missingPackages(facts, install, ptp);
  if (missing.length === 0) return [];
  return [
    {
      action: { kind: 'fetch-packages', packages: [...missing, ...removes] },
      reason: text(
        'Fetch everything first: the present daemon is only retired when the new one, and the way back, are at hand.',
        '先取回所有软件包：只有新守护进程和回退所需的软件包都已就绪，才会停用现有的守护进程。',
      ),
    },
    ...missing.map((name): Step => installStep(name, name === install.package ? removes : [])),
  ];
}

function installStep(name: string, removes: readonly string[]): Step {
  return {
    action: { kind: 'install-package', package: name, removes, purge: [] },
    reason:
      removes.length === 0
        ? text(`${name} is not installed.`, `尚未安装 ${name}。`)
        : text(
            `${name} is not installed; the package manager removes ${removes.join(', ')} for it, since one clock has one owner.`,
            `尚未安装 ${name}；包管理器会为此移除 ${removes.join('、')}，因为一个时钟只能有一个主人。`,
          ),
  };
}

/** The files of linuxptp, then those of the daemon, each with the restart of its unit. */
function fileSteps({ design, facts, install, ptp }: Target, wanted: readonly WantedFile[]): readonly Step[] {
  const changed = wanted
    .map((file) => ({ path: file.path, state: stateOf(file), program: file.program }))
    .filter(({ path, state }) => !isAlready(facts.files[path], state));
  const step = (daemon: ConfiguredDaemon, unit: string, reason: Text): readonly Step[] => {
    const files = changed
      .filter(({ program }) => program === daemon)
      .map(({ path, state }) => ({ path, state }));
    return files.length === 0 ? [] : [{ action: { kind: 'configure-daemon', daemon, unit, files }, reason }];
  };
  // Under timemaster chronyd is its child, and has no unit of its own.
  const isChild = ptp?.replacesChronyUnit === true && facts.units[ptp.unit]?.active === true;
  return [
    ...(ptp === null
      ? []
      : step(
          'linuxptp',
          ptp.unit,
          text(
            'How the hardware clock of the network interface follows the grandmaster.',
            '写明网卡的硬件时钟如何跟随主时钟。',
          ),
        )),
    ...step(
      design.daemon,
      isChild ? ptp.unit : install.unit,
      text(
        'Whom to follow and whom to serve. It is parsed by the daemon before it replaces anything, and read when the daemon restarts.',
        '写明跟随谁、为谁服务。替换之前先由守护进程解析，守护进程重启时读取。',
      ),
    ),
  ];
}

function unitSteps(target: Target): readonly Step[] {
  const { facts, install, ptp } = target;
  const wanted = unitsWanted(install, ptp);
  const removes = removedFor(target);
  const leaving = clockUnits.filter((unit) => {
    const state = facts.units[unit];
    if (state === undefined || wanted.includes(unit) || removes.map(unitOf).includes(unit)) return false;
    return state.active || state.enabled;
  });
  const coming = wanted.filter((unit) => comesUp(target, unit));
  if (leaving.length === 0 && coming.length === 0) return [];
  const retired = leaving.map((unit): [string, UnitState] => [
    unit,
    { active: false, enabled: false, masked: facts.units[unit]?.masked ?? false },
  ]);
  const kept = wanted.map((unit): [string, UnitState] => [
    unit,
    { active: true, enabled: true, masked: false },
  ]);
  return [
    {
      action: { kind: 'set-units', units: Object.fromEntries([...retired, ...kept]) },
      reason:
        leaving.length === 0
          ? text('It must run, now and after a reboot.', '它必须运行，现在和重启之后都要。')
          : text(
              "One clock has one owner: two daemons correct each other's corrections.",
              '一个时钟只能有一个主人：两个守护进程会互相修正对方的修正。',
            ),
    },
  ];
}

/** Whether a unit that is wanted has to be started or enabled. A package of Debian starts its daemon, one of RHEL does not. */
function comesUp({ facts, family, install }: Target, unit: string): boolean {
  const state = facts.units[unit];
  if (state !== undefined) return !state.active || !state.enabled || state.masked;
  return unit !== install.unit || hasDaemon(facts, install) || family === 'rhel';
}

function firewallSteps(design: NodeDesign, facts: ConfigureFacts): readonly Step[] {
  const { firewall } = facts;
  if (firewall === null || design.part !== 'server') return [];
  const all = firewall.also === undefined ? [firewall] : [firewall, firewall.also];
  return all.flatMap((one): readonly Step[] => {
    const networks = networksToOpen(one, design.allow);
    if (networks.length === 0) return [];
    const reason =
      one.keeper === null
        ? text(
            'Clients ask this server on UDP 123. Nothing on this machine restores its firewall rules at boot, so a unit is added, clockwarden-firewall.service, which lets the clients in again.',
            '客户端通过 UDP 123 访问该服务端。该机器启动时没有任何服务恢复防火墙规则，因此会添加单元 clockwarden-firewall.service，在启动后重新放行客户端。',
          )
        : text('Clients ask this server on UDP 123.', '客户端通过 UDP 123 访问该服务端。');
    return [{ action: { kind: 'open-firewall', backend: one.backend, networks }, reason }];
  });
}

function clockJobSteps(facts: ConfigureFacts): readonly Step[] {
  return Object.entries(facts.clockJobs).flatMap(([path, lines]): readonly Step[] => {
    const state = facts.files[path];
    if (state?.kind !== 'file') return [];
    return [
      {
        action: {
          kind: 'put-file',
          path,
          state: { ...state, content: toBase64(retireClockJobs(fromBase64(state.content))) },
        },
        reason: text(
          `It sets the clock behind the daemon's back: ${lines.join(' · ')}`,
          `它会背着守护进程设置时钟：${lines.join(' · ')}`,
        ),
      },
    ];
  });
}

/** A link says the name of the zone to whoever asks; Debian keeps it in /etc/timezone as well. */
function timezoneSteps(design: NodeDesign, facts: ConfigureFacts, family: ConfigFamily): readonly Step[] {
  if (design.timezone === null) return [];
  const wanted: readonly (readonly [string, FileState])[] = [
    ['/etc/localtime', { kind: 'link', target: `/usr/share/zoneinfo/${design.timezone}` }],
    ...(family === 'debian' ? [['/etc/timezone', rootFile(`${design.timezone}\n`)] as const] : []),
  ];
  return wanted.flatMap(([path, state]): readonly Step[] => {
    if (state.kind === 'other' || isAlready(facts.files[path], state)) return [];
    return [
      {
        action: { kind: 'put-file', path, state },
        reason: text(`The timezone is to be ${design.timezone}.`, `时区应为 ${design.timezone}。`),
      },
    ];
  });
}

function rootFile(content: string): WritableState {
  return { kind: 'file', content: toBase64(content), mode: 0o644, owner: 'root', group: 'root' };
}

function stateOf(file: WantedFile): WritableState {
  const { content, mode, owner, group } = file;
  return { kind: 'file', content: toBase64(content), mode, owner, group };
}

/** timedatectl links relatively, tzdata absolutely: the same zone either way. */
function isAlready(found: FileState | undefined, wanted: FileState): boolean {
  if (found?.kind === 'link' && wanted.kind === 'link') {
    return found.target.replace(/^\.\.\/usr/, '/usr') === wanted.target;
  }
  return found !== undefined && sorted(found) === sorted(wanted);
}

/** The same for the same state, in whatever order its fields were put together. */
function sorted(state: FileState): string {
  return JSON.stringify(Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function unfinishedRun({ remembered }: ConfigureFacts): readonly DesignProblem[] {
  const run = remembered?.runs.find(({ state }) => state === 'unfinished');
  if (run === undefined) return [];
  return [
    {
      severity: 'warning',
      text: text(
        `Run ${run.id} of ${run.operator} has not ended here: \`clockwarden apply --continue\` goes on with it, \`clockwarden rollback\` takes it back.`,
        `${run.operator} 的运行 ${run.id} 在此尚未结束：用 \`clockwarden apply --continue\` 继续，或用 \`clockwarden rollback\` 撤回。`,
      ),
    },
  ];
}

function problemsOf(
  design: NodeDesign,
  facts: ConfigureFacts,
  family: ConfigFamily | null,
  install: DaemonInstall | null,
): readonly DesignProblem[] {
  const problems: DesignProblem[] = [];
  const refuse = (en: string, zh: string): void => {
    problems.push({ severity: 'error', text: text(en, zh) });
  };
  if (family === null) problems.push(unsupported(facts));
  else if (install === null)
    refuse(`${facts.os.name} has no ${design.daemon}.`, `${facts.os.name} 没有 ${design.daemon}。`);
  if (!facts.systemd) refuse('systemd does not run there.', '该节点没有运行 systemd。');
  if (facts.privilege === 'none')
    refuse('The login is not root and `sudo -n` is refused.', '登录用户不是 root，且 `sudo -n` 被拒绝。');
  const canInstall = facts.packageManager !== 'none';
  if (
    canInstall &&
    install !== null &&
    !hasDaemon(facts, install) &&
    facts.packages[install.package]?.candidate == null
  ) {
    problems.push({
      severity: 'warning',
      text: text(
        `The node's package lists do not know ${install.package}; they are renewed first, and nothing is changed when that does not help.`,
        `该节点的软件包列表中没有 ${install.package}；会先更新列表，若仍没有则不作任何改动。`,
      ),
    });
  }
  for (const [path, state] of Object.entries(facts.files)) {
    if (state.kind === 'other')
      refuse(`${path} is ${state.what}: it is left alone.`, `${path} 是 ${state.what}：不作改动。`);
  }
  if (!canInstall && family !== null && install !== null) {
    const missing = missingPackages(facts, install, ptpNeeds(design, family));
    if (missing.length > 0)
      refuse(
        `${missing.join(', ')} is not there, and no package manager that Clockwarden knows (apt, dnf, yum).`,
        `该节点没有 ${missing.join('、')}，也没有 Clockwarden 认识的包管理器(apt、dnf、yum)。`,
      );
  }
  return problems;
}
