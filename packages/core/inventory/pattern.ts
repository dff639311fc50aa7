/** Host patterns of an Ansible inventory: `web[01:20].example.com:2222`, `db-[a:c]`, `n[1:9:2]-[a:b]`, `[2001:db8::1]:22`. */
import { type Text, text } from '../text/index.ts';

interface SplitPattern {
  readonly hosts: readonly string[];
  readonly port: number | null;
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The hosts of a pattern, at most `limit`, and the port it ends in. */
export function splitHostPattern(pattern: string, limit: number): SplitPattern | { readonly problem: Text } {
  if (pattern.length > 1_000) return { problem: text('the host name is too long', '主机名过长') };
  const bracketed = /^\[([0-9A-Fa-f:.%\w]+)\](?::(\d{1,5}))?$/.exec(pattern);
  const literal = bracketed?.[1] ?? pattern;
  if (isIpv6(literal)) return checkPort([literal], bracketed?.[2]);
  const match = /^((?:[^:[\]]|\[[^[\]]*\])+)(?::(\d{1,5}))?$/.exec(pattern);
  if (match?.[1] === undefined) return { problem: badHost(pattern) };
  const hosts = expand(match[1], limit);
  if ('problem' in hosts) return hosts;
  const wrong = hosts.hosts.find((host) => !/^[\p{L}\p{N}_.][\p{L}\p{N}\p{M}_.-]*$/u.test(host));
  return wrong === undefined ? checkPort(hosts.hosts, match[2]) : { problem: badHost(wrong) };
}

function checkPort(
  hosts: readonly string[],
  written: string | undefined,
): SplitPattern | { readonly problem: Text } {
  const port = written === undefined ? null : Number(written);
  if (port === null || (port >= 1 && port <= 65_535)) return { hosts, port };
  return { problem: text(`there is no port ${port}`, `不存在端口 ${port}`) };
}

function badHost(name: string): Text {
  const short = name.slice(0, 80);
  return text(`\`${short}\` is not a host name or address`, `\`${short}\` 不是主机名或地址`);
}

/** Enough to tell an address from a range such as `[1:9:2]`: `::` once or seven colons. */
function isIpv6(value: string): boolean {
  return (
    /^[0-9A-Fa-f:.]+(%[\w.-]+)?$/.test(value) &&
    (value.split('::').length === 2 || value.split(':').length === 8) &&
    value.includes(':')
  );
}

function expand(
  pattern: string,
  limit: number,
): { readonly hosts: readonly string[] } | { readonly problem: Text } {
  let hosts: readonly string[] = [''];
  // Odd parts are what stands in brackets.
  for (const [index, part] of pattern.split(/\[([^[\]]*)\]/).entries()) {
    const values = index % 2 === 0 ? [part] : rangeOf(part, limit);
    if (!Array.isArray(values)) return { problem: values };
    if (hosts.length * values.length > limit) return { problem: tooMany(pattern, limit) };
    hosts = hosts.flatMap((host) => values.map((value) => host + value));
  }
  return { hosts };
}

function tooMany(pattern: string, limit: number): Text {
  return text(
    `the range \`${pattern}\` has more than ${limit} hosts`,
    `范围 \`${pattern}\` 的主机超过 ${limit} 台`,
  );
}

/** `begin:end` or `begin:end:step`, numbers (with leading zeros: padded) or single letters; both ends belong to it. */
function rangeOf(range: string, limit: number): string[] | Text {
  const [begin = '', end = '', step = '1', ...rest] = range.split(':');
  const wrong = (en: string, zh: string) =>
    text(`the range \`[${range}]\` ${en}`, `范围 \`[${range}]\` ${zh}`);
  if (!range.includes(':') || rest.length > 0) {
    return wrong('must be begin:end or begin:end:step', '应写作 起始：结束 或 起始：结束：步长');
  }
  const by = /^\d{1,9}$/.test(step) ? Number(step) : 0;
  if (by < 1) return wrong('has a step that is not a number above 0', '的步长不是大于 0 的数字');
  if (/^[A-Za-z]$/.test(begin) && /^[A-Za-z]$/.test(end)) {
    const from = letters.indexOf(begin);
    const to = letters.indexOf(end);
    if (from > to) return wrong('ends before it begins', '的结束在起始之前');
    return letters.split('').filter((_, index) => index >= from && index <= to && (index - from) % by === 0);
  }
  // No begin is 0.
  const first = begin === '' ? '0' : begin;
  if (!/^\d{1,15}$/.test(first) || !/^\d{1,15}$/.test(end)) {
    return wrong('is neither of numbers nor of single letters', '既不是数字也不是单个字母');
  }
  const padded = first.length > 1 && first.startsWith('0');
  if (padded && first.length !== end.length) {
    return wrong('must have as many digits at its end as at its beginning', '的起始和结束位数必须相同');
  }
  if (Number(first) > Number(end)) return wrong('ends before it begins', '的结束在起始之前');
  const count = Math.floor((Number(end) - Number(first)) / by) + 1;
  if (count > limit) return tooMany(`[${range}]`, limit);
  return Array.from({ length: count }, (_, index) => {
    const value = String(Number(first) + index * by);
    return padded ? value.padStart(first.length, '0') : value;
  });
}
