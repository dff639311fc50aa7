/** The far end of a server: whether others get an answer from it, and whether those whom it should refuse do not. */
import { text } from '../text/index.ts';
import type { OutcomeCheck, OutcomeEvidence } from './outcome.ts';

/** Nobody who could have asked makes it unknown: servers are changed before their clients. */
export function serviceCheck({ service }: OutcomeEvidence): OutcomeCheck | null {
  if (service === null) return null;
  const { answersCollector, heardBy, silentTo } = service;
  if (heardBy.length > 0) {
    const names = heardBy.slice(0, 3).join(', ') + (heardBy.length > 3 ? ', …' : '');
    return {
      code: 'serves',
      holds: true,
      text: text(`It answers ${names}.`, `它应答了 ${names.replaceAll(', ', '、')}。`),
    };
  }
  if (answersCollector) {
    return {
      code: 'serves',
      holds: true,
      text: text('It answers this machine.', '它应答了本机。'),
    };
  }
  if (silentTo.length === 0) {
    return {
      code: 'serves',
      holds: null,
      text: text('Nobody has asked it yet.', '尚无节点询问过它。'),
    };
  }
  return {
    code: 'serves',
    holds: false,
    text: text(
      `None of those that ask it gets an answer: ${silentTo.join(', ')}. Is UDP 123 blocked?`,
      `询问它的节点都没有得到应答：${silentTo.join('、')}。UDP 123 是否被阻断？`,
    ),
  };
}

export function accessCheck({ service }: OutcomeEvidence): OutcomeCheck | null {
  if (service === null) return null;
  const { access } = service;
  if (access === null) {
    return {
      code: 'access',
      holds: null,
      text: text(
        'Whom it serves could not be asked (chronyc accheck).',
        '无法查询它为谁服务(chronyc accheck)。',
      ),
    };
  }
  const { refused, allowed, unknown, stranger } = access;
  if (refused.length > 0) {
    return {
      code: 'access',
      holds: false,
      text: text(
        `It refuses ${refused.join(', ')}, which should follow it.`,
        `它拒绝了应当跟随它的 ${refused.join('、')}。`,
      ),
    };
  }
  if (stranger?.served === true) {
    return {
      code: 'access',
      holds: false,
      text: text(
        `It serves strangers: ${stranger.address} is outside of \`allow\` and would get an answer.`,
        `它为陌生地址提供服务：${stranger.address} 不在 \`allow\` 内，却会得到应答。`,
      ),
    };
  }
  const served = allowed.length;
  const clients = served + unknown.length;
  const others = stranger === null ? null : stranger.address;
  const serves = text(
    `It serves ${served} of ${clients} clients${others === null ? '' : `, and no stranger (${others})`}.`,
    `它为 ${clients} 个客户端中的 ${served} 个提供服务${others === null ? '' : `，不为陌生地址(${others})服务`}。`,
  );
  if (unknown.length === 0) return { code: 'access', holds: true, text: serves };
  return {
    code: 'access',
    holds: null,
    text: text(
      `${serves.en} Whether it serves ${unknown.join(', ')} cannot be told: no address that it would answer is known here.`,
      `${serves['zh-CN']}无法判定它是否为 ${unknown.join('、')} 服务：本机不知道它会应答的地址。`,
    ),
  };
}
