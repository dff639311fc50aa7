/** A node that follows a PTP grandmaster: whether its ptp4l does, and whether its chronyd takes the time from there. */
import { text } from '../text/index.ts';
import type { OutcomeCheck, OutcomeEvidence } from './outcome.ts';

/** chronyd reads a hardware clock just as well when nobody steers it: only ptp4l itself knows whether it has a grandmaster. */
export function grandmasterCheck({ design, ptpPorts }: OutcomeEvidence): OutcomeCheck | null {
  if (design.ptp === null || design.adopted) return null;
  const code = 'grandmaster';
  if (ptpPorts === null) {
    return {
      code,
      holds: null,
      text: text(
        'Whether its ptp4l follows a grandmaster could not be asked (pmc).',
        '无法查询其 ptp4l 是否跟随主时钟(pmc)。',
      ),
    };
  }
  if (ptpPorts.includes('SLAVE')) {
    return { code, holds: true, text: text('Its ptp4l follows a grandmaster.', '其 ptp4l 正在跟随主时钟。') };
  }
  const states = ptpPorts.join(', ');
  if (states === '') {
    return { code, holds: false, text: text('No ptp4l answers there.', '该节点没有 ptp4l 应答。') };
  }
  const isNear = ptpPorts.includes('UNCALIBRATED');
  return {
    code,
    holds: false,
    text: isNear
      ? text(
          `Its ptp4l has found a grandmaster and is not in step with it yet (${states}).`,
          `其 ptp4l 已发现主时钟，但尚未与其同步(${states})。`,
        )
      : text(
          `Its ptp4l follows no grandmaster (${states}): is there one in domain ${design.ptp.domain}, by ${design.ptp.transport}?`,
          `其 ptp4l 没有跟随主时钟(${states})：域 ${design.ptp.domain} 中是否有使用 ${design.ptp.transport} 的主时钟？`,
        ),
  };
}

/** chronyd alone sets the clock, so it must be the one that follows PTP, through a reference clock. */
export function hardwareClockCheck({ design, assessment }: OutcomeEvidence): OutcomeCheck | null {
  if (design.ptp === null || design.adopted) return null;
  const sources = assessment.observation.facts.chrony?.value.sources ?? null;
  if (sources === null) return null;
  const code = 'hardware-clock';
  // By the names that chronyd and timemaster give them; another reference clock (PPS, SHM) proves nothing about PTP.
  const clocks = sources.filter(({ mode, name }) => mode === 'refclock' && /^(?:PHC|PTP)/.test(name));
  const followed = clocks.find(({ state }) => state === 'selected' || state === 'combined');
  if (followed !== undefined) {
    const { name } = followed;
    return {
      code,
      holds: true,
      text: text(`chronyd follows the hardware clock (${name}).`, `chronyd 正在跟随硬件时钟(${name})。`),
    };
  }
  const [first] = clocks;
  if (first === undefined) {
    return {
      code,
      holds: false,
      text: text('chronyd has no hardware clock among its sources.', 'chronyd 的时间源中没有硬件时钟。'),
    };
  }
  const states = clocks.map(({ name, state }) => `${name}: ${state}`).join(', ');
  return {
    code,
    holds: false,
    text: text(
      `chronyd does not follow the hardware clock (${states}).`,
      `chronyd 没有跟随硬件时钟(${states})。`,
    ),
  };
}
