/** What an operator is told when an HTTP exchange gave nothing. `url` never holds credentials: they come from files. */
import { type Failure, failure } from '@clockwarden/core/observe';
import { text } from '@clockwarden/core/text';

export function timedOut(url: string, timeoutMs: number): Failure {
  const seconds = timeoutMs / 1000;
  return failure(
    'unreachable',
    text(`${url} did not answer within ${seconds} s.`, `${url} 在 ${seconds} 秒内没有应答。`),
    text(
      `Check the way with \`curl -v ${url}\`; a firewall that drops packets looks like this.`,
      `请用 \`curl -v ${url}\` 检查；丢弃数据包的防火墙会造成这种现象。`,
    ),
  );
}

export function tooLarge(url: string, maxBytes: number): Failure {
  const mebibytes = Math.round(maxBytes / 1024 / 1024);
  return failure(
    'malformed',
    text(
      `${url} answers more than ${mebibytes} MiB: reading was stopped.`,
      `${url} 的应答超过 ${mebibytes} MiB：已停止读取。`,
    ),
  );
}

export function cut(url: string): Failure {
  return failure('malformed', text(`The answer of ${url} ended in the middle.`, `${url} 的应答中途断开。`));
}

export function describeError(error: unknown, url: string): Failure {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') {
    return failure(
      'refused',
      text(`Nothing listens at ${url}: the connection was refused.`, `${url} 无人监听：连接被拒绝。`),
      text('Is the exporter or server running, and on this port?', '该导出器或服务器是否在此端口上运行？'),
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return failure(
      'unreachable',
      text(`The host name in ${url} does not resolve (${code}).`, `无法解析 ${url} 中的主机名(${code})。`),
      text('Check it with `getent ahosts NAME`.', '请用 `getent ahosts NAME` 检查。'),
    );
  }
  if (code.startsWith('ERR_OSSL_') || code === 'ERR_INVALID_CHAR') return unusable(code, url);
  if (isCertificateProblem(code)) return certificate(code, url);
  if (code.startsWith('HPE_')) {
    return failure(
      'malformed',
      text(`${url} does not speak HTTP (${code}).`, `${url} 使用的不是 HTTP(${code})。`),
    );
  }
  if (/wrong version number|packet length too long/i.test(messageOf(error))) {
    return failure(
      'unsupported',
      text(`${url} does not speak TLS.`, `${url} 不支持 TLS。`),
      text('Set `scheme: http`, or switch on TLS there.', '请设置 `scheme: http`，或在对端启用 TLS。'),
    );
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return handshake(code, url);
  return failure(
    'unreachable',
    text(`No answer from ${url} (${code}).`, `${url} 没有应答(${code})。`),
    text(`Check the way with \`curl -v ${url}\`.`, `请用 \`curl -v ${url}\` 检查。`),
  );
}

/** Several addresses may have been tried: the first one's trouble speaks for all. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

function messageOf(error: unknown): string {
  const first = firstOf(error);
  return first instanceof Error ? first.message : String(first);
}

function codeOf(error: unknown): string {
  const first = firstOf(error);
  if (!(first instanceof Error)) return String(first);
  return (first as NodeJS.ErrnoException).code ?? first.message;
}

function isCertificateProblem(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)/.test(code);
}

function unusable(code: string, url: string): Failure {
  return failure(
    'unauthorized',
    text(
      `The files with credentials for ${url} hold nothing usable (${code}).`,
      `${url} 的凭据文件内容无法使用(${code})。`,
    ),
    text(
      'Certificates and keys must be PEM, a token must be one line.',
      '证书和私钥必须是 PEM 格式，令牌必须只有一行。',
    ),
  );
}

function certificate(code: string, url: string): Failure {
  const isAboutTime = code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
  return failure(
    'unauthorized',
    text(`The certificate of ${url} is not trusted (${code}).`, `${url} 的证书不受信任(${code})。`),
    isAboutTime
      ? text(
          'Either the certificate is out of its time, or the clock of this machine is: compare with `date -u`.',
          '可能证书不在有效期内，也可能本机时钟有误：请用 `date -u` 对照。',
        )
      : text(
          'Name the certification authority with `caFile`; the name in the certificate must be the address.',
          '请用 `caFile` 指定证书颁发机构；证书中的名称必须与地址一致。',
        ),
  );
}

function handshake(code: string, url: string): Failure {
  return failure(
    'unauthorized',
    text(`TLS with ${url} failed (${code}).`, `与 ${url} 的 TLS 握手失败(${code})。`),
    text(
      'It may want a client certificate: `certFile` and `keyFile`.',
      '对方可能要求客户端证书：请设置 `certFile` 和 `keyFile`。',
    ),
  );
}

/** An answer that is not 200. `saying` is what its body says, already cut. */
export function describeStatus(status: number, url: string, saying = ''): Failure {
  const detail = saying === '' ? '' : `: ${saying}`;
  if (status === 401 || status === 403) {
    return failure(
      'unauthorized',
      text(`${url} wants other credentials (HTTP ${status}).`, `${url} 要求其他凭据(HTTP ${status})。`),
      text(
        'Set `bearerTokenFile`, or `username` and `passwordFile`; a client certificate by `certFile` and `keyFile`.',
        '请设置 `bearerTokenFile`，或 `username` 与 `passwordFile`；客户端证书用 `certFile` 与 `keyFile`。',
      ),
    );
  }
  if (status >= 300 && status < 400) {
    return failure(
      'unsupported',
      text(
        `${url} answers with a redirection (HTTP ${status}), which is not followed: it could lead credentials astray.`,
        `${url} 返回重定向(HTTP ${status})；为避免凭据外泄，不予跟随。`,
      ),
      text('Configure the address it leads to.', '请直接配置其指向的地址。'),
    );
  }
  if (status === 404 || status === 405) {
    return failure(
      'unsupported',
      text(
        `There is nothing of the kind at ${url} (HTTP ${status}).`,
        `${url} 处没有所需内容(HTTP ${status})。`,
      ),
      text('Check the path and the port.', '请检查路径和端口。'),
    );
  }
  return failure(
    'refused',
    text(`${url} answers HTTP ${status}${detail}.`, `${url} 返回 HTTP ${status}${detail}。`),
  );
}
