/** The scalar values of clockwarden.yaml: what is accepted, and what is said when it is not. */
import { isAddress, isNodeName, nodeRoles } from '@clockwarden/core/inventory';
import { parseHostPort, parseServerName } from '@clockwarden/core/ntp';
import { sourceKinds } from '@clockwarden/core/observe';
import { parseDuration, parseSize } from '@clockwarden/core/policy';
import { type Text, text } from '@clockwarden/core/text';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** A check that fails with a sentence of our own, in both languages. */
function refuse(context: z.RefinementCtx, words: Text): never {
  context.addIssue({ code: 'custom', params: { text: words } });
  return z.NEVER;
}

/** chrony spells its directive without a capital, this file spells words with one; two values for one thing contradict. */
export function oneSpelling(
  block: { readonly minSources?: number | undefined; readonly minsources?: number | undefined },
  context: z.RefinementCtx,
): void {
  if (block.minSources === undefined || block.minsources === undefined) return;
  const words = text(
    '`minSources` and `minsources` are the same key: write one of them',
    '`minSources` 和 `minsources` 是同一个键：只写其中一个',
  );
  context.addIssue({ code: 'custom', path: ['minsources'], params: { text: words } });
}

function matching(fits: (value: string) => boolean, words: Text) {
  return z
    .string()
    .max(1_000)
    .transform((value, context) => (fits(value) ? value : refuse(context, words)));
}

const durationText = text(
  'a length of time is wanted, above 0: `500ms`, `30s`, `2m`, `1h30m`, or a number of seconds',
  '需要大于 0 的时长：`500ms`、`30s`、`2m`、`1h30m`，或以秒为单位的数字',
);

/** Seconds. */
export const duration = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    const seconds = parseDuration(value);
    return seconds === null || seconds <= 0 ? refuse(context, durationText) : seconds;
  })
  .meta({ examples: ['500ms', '30s', '2m', '1h'] });

/** Bytes, at least a mebibyte: SQLite needs room to work. */
export const size = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    const bytes = parseSize(value);
    if (bytes !== null && bytes >= 2 ** 20) return bytes;
    return refuse(
      context,
      text(
        'a size of at least 1MiB is wanted: `500MiB`, `2GiB`, or a number of bytes',
        '需要不小于 1MiB 的大小：`500MiB`、`2GiB`，或字节数',
      ),
    );
  })
  .meta({ examples: ['2GiB'] });

export const port = z.int().min(1).max(65_535);

/** Part of file names, so without slashes, and short enough for 255 bytes of UTF-8. */
export const clusterName = matching(
  (value) => /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._ -]{0,59}$/u.test(value),
  text(
    'a name is wanted: at most 60 letters, digits, dots, hyphens, underscores and spaces, the first a letter or digit',
    '需要一个名称：最多 60 个字母、汉字、数字、点、连字符、下划线或空格，并以字母、汉字或数字开头',
  ),
);

export const nodeNameText = text(
  'a node name is wanted: at most 253 letters, digits and `. _ : % @ + -`, not starting with a hyphen',
  '需要节点名称：最多 253 个字母、数字或 `. _ : % @ + -`，不以连字符开头',
);
export const nodeName = matching(isNodeName, nodeNameText);

export const addressText = text(
  'a host name or IP address is wanted, without a port (IPv6 without brackets)',
  '需要主机名或 IP 地址，不带端口(IPv6 不加方括号)',
);
export const address = matching(isAddress, addressText);

/** The first character may not be a hyphen: ssh(1) would take it for an option. */
export const userName = matching(
  (value) => /^[^\s\p{C}@:-][^\s\p{C}@:]{0,63}$/u.test(value),
  text('a user name is wanted', '需要用户名'),
);

export const hostPort = z
  .string()
  .transform((value, context) =>
    parseServerName(value) === null
      ? refuse(
          context,
          text(
            'an NTP server is wanted: `host`, `host:port`, `[IPv6]:port` or an IPv6 address',
            '需要 NTP 服务器：`主机`、`主机:端口`、`[IPv6]:端口` 或 IPv6 地址',
          ),
        )
      : value,
  );

/** Null when it is no address with a port. Port 0: any that is free. */
export function parseListen(value: string): { readonly host: string; readonly port: number } | null {
  const parsed = parseHostPort(value);
  return parsed === null || parsed.port === null ? null : { host: parsed.host, port: parsed.port };
}

export const listen = z
  .string()
  .transform(
    (value, context) =>
      parseListen(value) ??
      refuse(
        context,
        text(
          'an address with a port is wanted: `127.0.0.1:8323`, `[::1]:8323`',
          '需要带端口的地址：`127.0.0.1:8323`、`[::1]:8323`',
        ),
      ),
  )
  .meta({ examples: ['127.0.0.1:8323'] });

/** A network in CIDR notation, without bits beyond the prefix: `10.2.0.0/16`, `fd00::/8`. */
export const network = z
  .string()
  .transform((value, context) => {
    const [host = ''] = value.split('/');
    const isStrict = ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host);
    if (isStrict && ipaddr.isValidCIDR(value)) {
      const family = host.includes(':') ? ipaddr.IPv6 : ipaddr.IPv4;
      const base = family.networkAddressFromCIDR(value).toString();
      if (ipaddr.parse(host).toString() === base) return value;
      return refuse(
        context,
        text(
          `the network begins at ${base}: write \`${base}/${value.split('/')[1]}\``,
          `该网段的起始地址是 ${base}：请写作 \`${base}/${value.split('/')[1]}\``,
        ),
      );
    }
    return refuse(
      context,
      text('a network is wanted, as 10.2.0.0/16 or fd00::/8', '需要网段，如 10.2.0.0/16 或 fd00::/8'),
    );
  })
  .meta({ examples: ['10.2.0.0/16'] });

/** A network interface's name (IFNAMSIZ: 15 characters). A hyphen at its start would be taken for an option. */
function isInterface(value: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/.test(value);
}

export const networkInterface = matching(
  isInterface,
  text('the name of a network interface is wanted, as eth0', '需要网络接口名称，如 eth0'),
);

export const interfaceOrAll = matching(
  (value) => value === '*' || isInterface(value),
  text(
    'the name of a network interface is wanted, as eth0, or `*` for all',
    '需要网络接口名称，如 eth0；`*` 表示全部',
  ),
);

/** One line of chrony.conf: words of a driver, its parameter and options, and nothing that a shell or parser could read otherwise. */
export const refclock = matching(
  (value) => /^(PHC|PPS|SHM|SOCK) [A-Za-z0-9/][A-Za-z0-9/._:=-]*( [A-Za-z0-9./:+-]+)*$/.test(value),
  text(
    'a reference clock is wanted, as `PHC /dev/ptp0 poll 2` or `SHM 0 refid GPS` (PHC, PPS, SHM, SOCK)',
    '需要参考时钟，如 `PHC /dev/ptp0 poll 2` 或 `SHM 0 refid GPS`(PHC、PPS、SHM、SOCK)',
  ),
);

let zones: ReadonlyMap<string, string> | undefined;

/** By their names in lower case. Made when one is asked for: the names come from ICU in 5 ms. */
function knownZones(): ReadonlyMap<string, string> {
  zones ??= new Map(Intl.supportedValuesOf('timeZone').map((zone) => [zone.toLowerCase(), zone]));
  return zones;
}

/** IANA names and their aliases. Case matters, because on the nodes the name is that of a file. */
export const timezone = z
  .string()
  .transform((value, context) => {
    const known = knownZones().get(value.toLowerCase());
    if (known === value) return value;
    if (known === undefined && /^[A-Z][A-Za-z0-9_+/-]*$/.test(value) && isZone(value)) return value;
    return refuse(
      context,
      known === undefined
        ? text(
            `an IANA time zone is wanted, as Asia/Shanghai or UTC; there is none called \`${value.slice(0, 60)}\``,
            `需要 IANA 时区名，例如 Asia/Shanghai 或 UTC；没有名为 \`${value.slice(0, 60)}\` 的时区`,
          )
        : text(`the time zone is written \`${known}\``, `该时区应写作 \`${known}\``),
    );
  })
  .meta({ examples: ['Asia/Shanghai', 'UTC'] });

function isZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** A file; `~/` is the home directory, anything else is relative to the folder of clockwarden.yaml. */
export const path = matching(
  (value) => /^[^\0\n\r]+$/.test(value),
  text('the path of a file is wanted', '需要文件路径'),
);

export const httpUrl = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return value;
  return refuse(
    context,
    text(
      'a URL is wanted that starts with http:// or https:// and holds no user name or password',
      '需要以 http:// 或 https:// 开头、不含用户名和密码的 URL',
    ),
  );
});

export const role = z.enum(nodeRoles);
export const sourceKind = z.enum(sourceKinds);
