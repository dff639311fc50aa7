/** What the agent's reasons mean: `@CODE DETAIL` is a sentence of this table, anything else a program's own words. */
import { type Text, text } from '@clockwarden/core/text';

const sentences: Readonly<Record<string, (detail: string) => Text>> = {
  refused: (detail) => {
    const [kind, word] = firstOf(detail);
    const value = JSON.stringify(Buffer.from(word, 'base64').toString('utf8').slice(0, 200));
    return text(
      `This is no ${kind}, so it was not used: ${value}.`,
      `这不是合法的 ${kind}，未予使用：${value}。`,
    );
  },
  'no-action': (detail) => text(`The job has no action ${detail}.`, `作业中没有操作 ${detail}。`),
  'no-run': (detail) => text(`The node knows no run ${detail}.`, `该节点没有运行 ${detail} 的记录。`),
  'run-exists': (detail) => text(`The node has a run ${detail} already.`, `该节点已有运行 ${detail}。`),
  'disk-full': (detail) => text(`The disk is full: ${detail}.`, `磁盘已满：${detail}。`),
  'read-only': (detail) => text(`The file system is read-only: ${detail}.`, `文件系统为只读：${detail}。`),
  'cannot-write': (detail) => text(`It cannot be written: ${detail}.`, `无法写入：${detail}。`),
  'not-a-file': (detail) =>
    text(
      `${detail} is neither a file nor a link: it is left alone.`,
      `${detail} 既不是文件也不是链接：不作改动。`,
    ),
  'no-target': (detail) => text(`The link would lead nowhere: ${detail}.`, `该链接没有目标：${detail}。`),
  'not-running': (detail) => {
    const [unit, said] = firstOf(detail);
    return said === ''
      ? text(`${unit} does not stay up and says nothing.`, `${unit} 无法保持运行，且没有任何输出。`)
      : text(`${unit} does not stay up: ${said}`, `${unit} 无法保持运行：${said}`);
  },
  'not-accepted': (detail) => {
    const [path, said] = firstOf(detail);
    return text(`The daemon does not accept ${path}: ${said}`, `守护进程不接受 ${path}：${said}`);
  },
  'no-daemon': (detail) => text(`${detail} is not installed.`, `未安装 ${detail}。`),
  'no-unit': (detail) => text(`systemd knows no unit ${detail}.`, `systemd 没有单元 ${detail}。`),
  'unit-failed': (detail) => {
    const [unit, said] = firstOf(detail);
    return text(`systemctl fails for ${unit}: ${said}`, `systemctl 处理 ${unit} 失败：${said}`);
  },
  'still-running': (detail) => text(`It does not stop: ${detail}.`, `无法停止：${detail}。`),
  'half-done': (detail) =>
    text(
      `It failed, and could not be put back either: ${detail}. Look at the node.`,
      `操作失败，且无法恢复原状：${detail}。请检查该节点。`,
    ),
  firewall: (detail) => {
    const [tool, said] = firstOf(detail);
    return text(`${tool} says: ${said}`, `${tool} 报告：${said}`);
  },
  'keeps-nobody-out': (detail) =>
    text(
      `${detail} has no chain or zone any more that keeps clients out.`,
      `${detail} 已没有把客户端挡在外面的链或区域。`,
    ),
  'no-ipv6': (detail) =>
    text(
      `ufw lets no IPv6 in while /etc/default/ufw says IPV6=no: ${detail} would stay out.`,
      `/etc/default/ufw 中为 IPV6=no 时 ufw 不放行任何 IPv6：${detail} 仍会被挡住。`,
    ),
  chronyc: (detail) => text(`chronyc says: ${detail}`, `chronyc 报告：${detail}`),
  'no-manager': () =>
    text(
      'There is no package manager that Clockwarden knows (apt, dnf, yum).',
      '没有 Clockwarden 认识的包管理器（apt、dnf、yum）。',
    ),
  'no-package': (detail) =>
    text(`No repository of the node has ${detail}.`, `该节点的软件源中没有 ${detail}。`),
  'not-fetched': (detail) => text(`${detail} was not fetched.`, `尚未取回 ${detail}。`),
  'would-remove': (detail) => {
    const [name, others] = firstOf(detail);
    return text(
      `To install ${name} would also remove ${others}: nothing was changed.`,
      `安装 ${name} 会一并移除 ${others}：未作任何改动。`,
    );
  },
  'package-lock': (detail) => {
    const [name, said] = firstOf(detail);
    return text(
      `${name}: another program holds the package manager's lock: ${said}`,
      `${name}：另一个程序占用着包管理器的锁：${said}`,
    );
  },
  'wrong-clock': (detail) => {
    const [name, said] = firstOf(detail);
    return text(
      `${name} cannot be fetched, since by the node's clock what its mirror has is not valid: ${said} If that clock is wrong, let its present daemon step it first: clockwarden resync`,
      `无法取回 ${name}，因为按该节点的时钟，镜像站的内容不在有效期内：${said} 若该时钟有误，请先让现有守护进程步进：clockwarden resync`,
    );
  },
  'no-dns': (detail) => {
    const [name, said] = firstOf(detail);
    return text(
      `${name} cannot be fetched, since the node resolves no names: ${said}`,
      `无法取回 ${name}，因为该节点无法解析域名：${said}`,
    );
  },
  'no-mirror': (detail) => {
    const [name, said] = firstOf(detail);
    return text(
      `${name} cannot be fetched, since its mirror does not answer: ${said}`,
      `无法取回 ${name}，因为其镜像站没有应答：${said}`,
    );
  },
  'package-failed': (detail) => {
    const [name, said] = firstOf(detail);
    return text(`The package manager fails for ${name}: ${said}`, `包管理器处理 ${name} 失败：${said}`);
  },
};

/** The first word, and the rest. */
function firstOf(detail: string): readonly [string, string] {
  const at = detail.indexOf(' ');
  return at < 0 ? [detail, ''] : [detail.slice(0, at), detail.slice(at + 1)];
}

/** @param reason one line, from a node: not to be trusted with more than being shown */
export function reasonText(reason: string): Text {
  const plain = reason.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  const [, code = '', detail = ''] = /^@([a-z0-9-]+) ?(.*)$/.exec(plain) ?? [];
  const shown = detail.slice(0, 600);
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  if (sentence !== undefined) return sentence(shown);
  const words = plain === '' ? '?' : plain.slice(0, 600);
  return text(`The node says: ${words}`, `节点报告：${words}`);
}
