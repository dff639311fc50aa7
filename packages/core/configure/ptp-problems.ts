/** Whether a node can follow a PTP grandmaster as its design wants, and whether PTP programs own its clock that should not. */
import { text } from '../text/index.ts';
import type { DesignProblem, NodeDesign } from './design.ts';
import type { ConfigureFacts } from './facts.ts';

/** An `error` means that the node is left alone. */
export function ptpProblems(design: NodeDesign, facts: ConfigureFacts): readonly DesignProblem[] {
  if (design.adopted) return [];
  return design.ptp === null ? strangers(facts) : [...hardware(design, facts), ...rivals(design, facts)];
}

function problem(severity: DesignProblem['severity'], en: string, zh: string): DesignProblem {
  return { severity, text: text(en, zh) };
}

function hardware({ ptp }: NodeDesign, facts: ConfigureFacts): readonly DesignProblem[] {
  const clocks = facts.machine?.hardwareClocks ?? {};
  const missing = ptp?.interfaces.filter((name) => !Object.hasOwn(clocks, name)) ?? [];
  const present = Object.keys(clocks);
  const problems: DesignProblem[] = [];
  if (missing.length > 0) {
    problems.push(
      problem(
        'error',
        `PTP needs a hardware clock, and ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} none; ${present.length === 0 ? 'no interface of this node has one' : `these have one: ${present.join(', ')}`}.`,
        `PTP 需要硬件时钟，而 ${missing.join('、')} 没有；${present.length === 0 ? '该节点没有任何接口具备硬件时钟' : `具备的接口：${present.join('、')}`}。`,
      ),
    );
  }
  if (ptp !== null && ptp.transport !== 'L2' && facts.firewall !== null) {
    problems.push(
      problem(
        'warning',
        `${facts.firewall.backend} filters what comes in, and PTP over UDP wants ports 319 and 320 from the grandmaster: see that they are open, or say \`transport: L2\`.`,
        `${facts.firewall.backend} 会过滤传入报文，而基于 UDP 的 PTP 需要来自主时钟的 319 和 320 端口：请确认已放行，或写 \`transport: L2\`。`,
      ),
    );
  }
  const linuxptp = facts.packages.linuxptp;
  if (linuxptp?.installed == null && linuxptp?.candidate == null) {
    problems.push(
      problem(
        'error',
        "PTP needs the package linuxptp: it is not installed, and the node's package lists do not know it.",
        'PTP 需要软件包 linuxptp：尚未安装，该节点的软件包列表中也没有。',
      ),
    );
  }
  return problems;
}

/** A program that no unit runs which the plan could retire. */
function isLoose(program: 'phc2sys' | 'timemaster', facts: ConfigureFacts): boolean {
  const runs = facts.machine?.programs.includes(program) === true;
  return runs && facts.units[`${program}.service`]?.active !== true;
}

/** phc2sys beside ptp4l would set the clock that chronyd sets; the one that timemaster starts feeds chronyd. */
function rivals({ ptp }: NodeDesign, facts: ConfigureFacts): readonly DesignProblem[] {
  if (ptp?.program === 'timemaster' || facts.machine?.programs.includes('timemaster') === true) return [];
  return isLoose('phc2sys', facts) ? [secondOwner('phc2sys')] : [];
}

/** No PTP is wanted here. Units of the usual names are retired as any second daemon is. */
function strangers(facts: ConfigureFacts): readonly DesignProblem[] {
  const { programs = [] } = facts.machine ?? {};
  if (isLoose('timemaster', facts)) return [secondOwner('timemaster')];
  if (programs.includes('timemaster')) return [];
  if (isLoose('phc2sys', facts)) return [secondOwner('phc2sys')];
  if (!programs.includes('ptp4l')) return [];
  return [
    problem(
      'warning',
      'ptp4l runs. With hardware time stamps it steers the clock of the network interface only; with software ones it sets the system clock and must be stopped.',
      'ptp4l 正在运行。使用硬件时间戳时它只驾驭网卡时钟；使用软件时间戳时它会设置系统时钟，必须停止。',
    ),
  ];
}

function secondOwner(program: string): DesignProblem {
  return problem(
    'error',
    `${program} runs, no unit that could be retired owns it, and it sets the system clock; one clock has one owner. Stop and disable it, write \`ptp:\` for this node, or keep the node as it is with \`adopt: true\`.`,
    `${program} 正在运行，不属于可停用的单元，却在设置系统时钟；一个时钟只能有一个主人。请停止并禁用它，为该节点写 \`ptp:\`，或用 \`adopt: true\` 保持现状。`,
  );
}
