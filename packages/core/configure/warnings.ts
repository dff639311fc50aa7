/** What a person should know of a node before its plan is carried out, beyond what stands in the way of the plan. */
import { isNewer } from '../chrony-conf/index.ts';
import type { TimesyncConfig } from '../policy/index.ts';
import { text } from '../text/index.ts';
import { fromBase64 } from './base64.ts';
import { chronyVersionOf } from './chrony-version.ts';
import { type DesignProblem, type NodeDesign, settingsOf } from './design.ts';
import type { ConfigureFacts, MachineFacts } from './facts.ts';
import { chronyPaths } from './files.ts';

/** An `error` means that the node is left alone: what was asked for cannot be had there. */
export function planWarnings(
  design: NodeDesign,
  timesync: TimesyncConfig,
  facts: ConfigureFacts,
): readonly DesignProblem[] {
  if (design.adopted) return [];
  const { machine } = facts;
  return [
    ...versionProblems(design, settingsOf(design, timesync), facts),
    ...(machine === undefined
      ? []
      : [
          ...containerProblems(machine),
          ...hypervisorProblems(design, machine),
          ...strayProblems(facts, machine),
          ...lostSources(design, facts, machine),
        ]),
    ...localOfClient(design, facts),
  ];
}

function problem(severity: DesignProblem['severity'], en: string, zh: string): DesignProblem {
  return { severity, text: text(en, zh) };
}

/** First version of chronyd with Network Time Security; the 3.x of RHEL 7 and Ubuntu 20.04 are older. */
const NTS_SINCE = '4.0';

function versionProblems(
  design: NodeDesign,
  { nts }: TimesyncConfig,
  facts: ConfigureFacts,
): readonly DesignProblem[] {
  const version = chronyVersionOf(facts);
  if (design.daemon !== 'chronyd' || version === null || !isNewer(NTS_SINCE, version)) return [];
  const name = version.join('.');
  if (nts && design.upstreams.length > 0) {
    return [
      problem(
        'error',
        `\`nts\` is asked for, and chronyd ${name} does not know it (4.0 does): without it the upstreams would not be authenticated.`,
        `要求使用 \`nts\`，但 chronyd ${name} 不支持(4.0 起支持)：否则上游将得不到认证。`,
      ),
    ];
  }
  return [
    problem(
      'warning',
      `chronyd ${name} is old (4.0 is of 2020) and no longer mended by its authors. The file holds only what it knows; NTS it does not.`,
      `chronyd ${name} 已过时(4.0 发布于 2020 年)，作者不再修复。生成的文件只包含它认识的指令；它不支持 NTS。`,
    ),
  ];
}

function containerProblems({ container }: MachineFacts): readonly DesignProblem[] {
  if (container === null) return [];
  return [
    problem(
      'warning',
      `This node is a container (${container}): its clock is the host's. Configure the host; a daemon in here may not set the clock, or fights with the host's.`,
      `该节点是容器(${container})：它的时钟属于宿主机。请配置宿主机；容器内的守护进程要么无权设置时钟，要么会与宿主机的守护进程争夺时钟。`,
    ),
  ];
}

function hypervisorProblems(design: NodeDesign, machine: MachineFacts): readonly DesignProblem[] {
  const { programs, hostClock, vmwareTimesync } = machine;
  const problems: DesignProblem[] = [];
  if (vmwareTimesync === true) {
    problems.push(
      problem(
        'warning',
        'VMware Tools sets this clock as well: `vmware-toolbox-cmd timesync disable`.',
        'VMware Tools 也在设置该时钟：请执行 `vmware-toolbox-cmd timesync disable`。',
      ),
    );
  }
  if (programs.includes('VBoxService')) {
    problems.push(
      problem(
        'warning',
        'VBoxService follows the clock of the host: start it with `--disable-timesync`.',
        'VBoxService 会跟随宿主机时钟：请以 `--disable-timesync` 启动它。',
      ),
    );
  }
  if (programs.includes('qemu-ga')) {
    problems.push(
      problem(
        'warning',
        'The host can set this clock through qemu-guest-agent (guest-set-time, `virsh domtime`): see that nothing on the host does so by schedule.',
        '宿主机可以通过 qemu-guest-agent 设置该时钟(guest-set-time、`virsh domtime`)：请确认宿主机上没有定时执行此操作。',
      ),
    );
  }
  const isRead = hostClock !== null && design.refclocks.some((clock) => clock.includes(hostClock));
  if (hostClock !== null && !isRead) {
    const line = `PHC ${hostClock} poll 3 dpoll -2 offset 0 stratum 2`;
    problems.push(
      problem(
        'warning',
        `The hypervisor offers its clock as ${hostClock}. If the host keeps good time, chronyd reads it to microseconds: \`refclocks: ['${line}']\` for this node, instead of any tool that sets the clock.`,
        `虚拟化平台以 ${hostClock} 提供其时钟。若宿主机时间可靠，chronyd 读取它可达微秒级：为该节点写 \`refclocks: ['${line}']\`，以取代任何设置时钟的工具。`,
      ),
    );
  }
  return problems;
}

/** Program → the units under which it is known, and could be retired. */
const unitsOf: Readonly<Record<string, readonly string[]>> = {
  chronyd: ['chrony.service', 'chronyd.service'],
  ntpd: ['ntp.service', 'ntpd.service', 'ntpsec.service', 'openntpd.service'],
  'systemd-timesyn': ['systemd-timesyncd.service'],
};

/** A daemon that runs and is no unit's: in a container that sees this clock, or started by hand. */
function strayProblems(facts: ConfigureFacts, { programs }: MachineFacts): readonly DesignProblem[] {
  return programs.flatMap((program) => {
    const units = unitsOf[program];
    // timemaster has a chronyd of its own.
    if (program === 'chronyd' && programs.includes('timemaster')) return [];
    if (units === undefined || units.some((unit) => facts.units[unit]?.active === true)) return [];
    return [
      problem(
        'warning',
        `${program} runs, and no unit of systemd owns it: in a container, or started by hand. It is not retired by the plan, and two daemons correct each other's corrections.`,
        `${program} 正在运行，但不属于任何 systemd 单元：可能在容器中，或由人手动启动。计划不会停用它，而两个守护进程会互相修正对方的修正。`,
      ),
    ];
  });
}

/** The present file of chronyd, whichever of the two it is; `''` when there is none. */
function presentConf(facts: ConfigureFacts): string {
  const states = Object.values(chronyPaths).map(({ conf }) => facts.files[conf]);
  const state = states.find((found) => found?.kind === 'file');
  return state?.kind === 'file' ? fromBase64(state.content) : '';
}

/** Who brings the sources of a file to a daemon: networkd to timesyncd, a helper of chrony 3, or the present chrony.conf. */
function readerOf(path: string): 'networkd' | 'helper' | 'files' {
  if (path.startsWith('/run/systemd/')) return 'networkd';
  return path.includes('/chrony.servers.') ? 'helper' : 'files';
}

/** The new chrony.conf draws nothing in. timesyncd asks the servers that DHCP gave to networkd as well, whatever its file says. */
function lostSources(
  design: NodeDesign,
  facts: ConfigureFacts,
  { otherSources }: MachineFacts,
): readonly DesignProblem[] {
  const described = (of: 'networkd' | 'helper' | 'files'): readonly string[] =>
    Object.entries(otherSources)
      .filter(([path]) => readerOf(path) === of)
      .map(([path, lines]) => `${path}: ${lines.join('; ')}`);
  if (design.daemon === 'systemd-timesyncd') {
    const added = described('networkd');
    if (added.length === 0) return [];
    return [
      problem(
        'warning',
        `systemd-timesyncd also asks the servers that DHCP gave to systemd-networkd (${added.join(' · ')}). To follow only the wanted ones, set \`UseNTP=no\` in the .network file.`,
        `systemd-timesyncd 还会查询 DHCP 提供给 systemd-networkd 的服务器(${added.join(' · ')})。若只想跟随指定的服务器，请在 .network 文件中设置 \`UseNTP=no\`。`,
      ),
    ];
  }
  const given = described('helper');
  const version = chronyVersionOf(facts);
  const hasHelper = version !== null && isNewer(NTS_SINCE, version) && given.length > 0;
  const helped = hasHelper
    ? [
        problem(
          'warning',
          `A helper gives chronyd the servers of DHCP whatever its file says (${given.join(' · ')}). To follow only the wanted ones, set \`PEERNTP=no\` in /etc/sysconfig/network (RHEL 7), or take \`ntp-servers\` out of dhclient.conf.`,
          `无论文件如何写，辅助脚本都会把 DHCP 提供的服务器交给 chronyd(${given.join(' · ')})。若只想跟随指定的服务器，请在 /etc/sysconfig/network 中设置 \`PEERNTP=no\`(RHEL 7)，或从 dhclient.conf 中去掉 \`ntp-servers\`。`,
        ),
      ]
    : [];
  const lost = described('files');
  const drawsIn = /^\s*(sourcedir|confdir|include)\s/im.test(presentConf(facts));
  if (!drawsIn || lost.length === 0) return helped;
  return [
    ...helped,
    problem(
      'warning',
      `The new file draws in no other files, so these sources are no longer followed: ${lost.join(' · ')}. Name those that are to stay in \`upstreams\`.`,
      `新文件不再引入其他文件，因此以下时间源不再被跟随：${lost.join(' · ')}。需要保留的请写入 \`upstreams\`。`,
    ),
  ];
}

function localOfClient(design: NodeDesign, facts: ConfigureFacts): readonly DesignProblem[] {
  if (design.part === 'server' || !/^\s*local\b/im.test(presentConf(facts))) return [];
  return [
    problem(
      'warning',
      'This client has `local`: without a source it passed its own clock off as true to whoever asked. The new file has no such line.',
      '该客户端含有 `local`：没有时间源时，它会把自己的时钟当作准确时间提供给查询者。新文件中没有这一行。',
    ),
  ];
}
