/** Facts and design of one node → the actions that make the one the other, in the order that never leaves it without time. */
import type { TimesyncConfig } from '../policy/index.ts';
import { type Text, text } from '../text/index.ts';
import { type Action, inverseOf, type PlannedAction } from './actions.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { retireClockJobs } from './clock-jobs.ts';
import type { DesignProblem, NodeDesign } from './design.ts';
import type { ConfigureFacts, FileState } from './facts.ts';
import { type ConfigFamily, filesOf, type WantedFile } from './files.ts';
import { clockUnits, type DaemonInstall, excludedBy, familyOf, installOf } from './time-daemons.ts';

export interface NodePlan {
  readonly node: string;
  readonly part: NodeDesign['part'];
  readonly actions: readonly PlannedAction[];
  readonly problems: readonly DesignProblem[];
  /** What the plan was made for; apply refuses when it has become another. */
  readonly fingerprint: string;
}

interface Step {
  readonly action: Action;
  readonly reason: Text;
}

/** An empty list of actions: the node is what it is meant to be. A problem of severity `error`: it will not be touched. */
export function planNode(design: NodeDesign, timesync: TimesyncConfig, facts: ConfigureFacts): NodePlan {
  const family = familyOf(facts.os);
  const install = family === null ? null : installOf(family, design.daemon);
  const problems = problemsOf(design, facts, family, install);
  const base = { node: design.node.name, part: design.part, problems, fingerprint: fingerprintOf(facts) };
  if (family === null || install === null || problems.some((problem) => problem.severity === 'error')) {
    return { ...base, actions: [] };
  }
  const files = filesOf(design, timesync, family);
  const steps = [
    ...daemonSteps(design, facts, family, install, files),
    ...firewallSteps(design, facts),
    ...clockJobSteps(facts),
    ...timezoneSteps(design, facts, family),
  ];
  return { ...base, actions: steps.map((step) => ({ ...step, inverse: inverseOf(step.action, facts) })) };
}

/** Everything that a plan looked at, and nothing that moves by itself. */
function fingerprintOf(facts: ConfigureFacts): string {
  const { os, privilege, packages, units, files, firewall, clockJobs } = facts;
  return JSON.stringify({ os, privilege, packages, units, files, firewall, clockJobs });
}

function daemonSteps(
  design: NodeDesign,
  facts: ConfigureFacts,
  family: ConfigFamily,
  install: DaemonInstall,
  files: readonly WantedFile[],
): readonly Step[] {
  const installed = facts.packages[install.package]?.installed != null;
  const removes = installed
    ? []
    : excludedBy(family, install.package).filter((name) => facts.packages[name]?.installed != null);
  const changed = files.filter((file) => !isAlready(facts.files[file.path], stateOf(file)));
  const steps: Step[] = [];
  const add = (action: Action, en: string, zh: string): void => {
    steps.push({ action, reason: text(en, zh) });
  };
  if (!installed) {
    const packages = [install.package, ...removes];
    add(
      { kind: 'fetch-packages', packages },
      'Fetch everything first: the present daemon is only retired when the new one, and the way back, are at hand.',
      '先取回所有软件包：只有新守护进程和回退所需的软件包都已就绪，才会停用现有的守护进程。',
    );
    add(
      { kind: 'install-package', package: install.package, removes },
      removes.length === 0
        ? `${install.package} is not installed.`
        : `${install.package} is not installed; the package manager removes ${removes.join(', ')} for it, since one clock has one owner.`,
      removes.length === 0
        ? `尚未安装 ${install.package}。`
        : `尚未安装 ${install.package}；包管理器会为此移除 ${removes.join('、')}，因为一个时钟只能有一个主人。`,
    );
  }
  for (const file of changed) {
    if (design.daemon === 'chronyd') {
      add(
        { kind: 'validate', daemon: 'chronyd', content: file.content },
        'chronyd must accept the file before it replaces anything.',
        '替换之前，chronyd 必须能解析该文件。',
      );
    }
    add(
      { kind: 'put-file', path: file.path, state: stateOf(file) },
      'It says whom to follow and whom to serve.',
      '写明跟随谁、为谁服务。',
    );
  }
  for (const unit of clockUnits) {
    const state = facts.units[unit];
    if (unit === install.unit || state === undefined || removes.includes(packageOfUnit(unit))) continue;
    if (!state.active && !state.enabled) continue;
    add(
      { kind: 'set-unit', unit, state: { ...state, active: false, enabled: false } },
      `Another owner of the clock: two daemons correct each other's corrections.`,
      '另一个时钟的主人：两个守护进程会互相修正对方的修正。',
    );
  }
  const own = facts.units[install.unit];
  if (installed && (own === undefined || !own.active || !own.enabled || own.masked)) {
    add(
      { kind: 'set-unit', unit: install.unit, state: { active: true, enabled: true, masked: false } },
      'It must run, now and after a reboot.',
      '它必须运行，现在和重启之后都要。',
    );
  }
  if (changed.length > 0)
    add(
      { kind: 'restart-unit', unit: install.unit },
      'It reads its configuration when it starts.',
      '它在启动时读取配置。',
    );
  return steps;
}

function firewallSteps(design: NodeDesign, facts: ConfigureFacts): readonly Step[] {
  const { firewall } = facts;
  if (firewall === null || design.part !== 'server' || firewall.opened.includes('all')) return [];
  const networks = design.allow.filter((network) => !firewall.opened.includes(network));
  if (networks.length === 0) return [];
  return [
    {
      action: { kind: 'open-firewall', backend: firewall.backend, networks },
      reason: text('Clients ask this server on UDP 123.', '客户端通过 UDP 123 访问该服务端。'),
    },
  ];
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

function rootFile(content: string, mode = 0o644): Exclude<FileState, { kind: 'other' }> {
  return { kind: 'file', content: toBase64(content), mode, owner: 'root', group: 'root' };
}

function stateOf(file: WantedFile): Exclude<FileState, { kind: 'other' }> {
  return rootFile(file.content, file.mode);
}

/** timedatectl links relatively, tzdata absolutely: the same zone either way. */
function isAlready(found: FileState | undefined, wanted: FileState): boolean {
  if (found?.kind === 'link' && wanted.kind === 'link') {
    return found.target.replace(/^\.\.\/usr/, '/usr') === wanted.target;
  }
  return JSON.stringify(found) === JSON.stringify(wanted);
}

function packageOfUnit(unit: string): string {
  return unit.replace(/\.service$/, '');
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
  if (family === null)
    refuse(
      `${facts.os.name || facts.os.id} is not supported: Debian, RHEL and their kin are.`,
      `不支持 ${facts.os.name || facts.os.id}：支持 Debian、RHEL 及其衍生版。`,
    );
  else if (install === null)
    refuse(`${facts.os.name} has no ${design.daemon}.`, `${facts.os.name} 没有 ${design.daemon}。`);
  if (!facts.systemd) refuse('systemd does not run there.', '该节点没有运行 systemd。');
  if (facts.privilege === 'none')
    refuse('The login is not root and `sudo -n` is refused.', '登录用户不是 root，且 `sudo -n` 被拒绝。');
  const wanted = install === null ? undefined : facts.packages[install.package];
  if (install !== null && wanted?.installed == null && wanted?.candidate == null) {
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
  if (
    facts.packageManager === 'none' &&
    install !== null &&
    facts.packages[install.package]?.installed == null
  ) {
    refuse(
      'There is no package manager that Clockwarden knows (apt, dnf, yum).',
      '没有 Clockwarden 认识的包管理器(apt、dnf、yum)。',
    );
  }
  return problems;
}
