import type { ClientRequest, Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Failure } from '@clockwarden/core/observe';
import type { HttpAuth } from '@clockwarden/core/policy';
import type { MonotonicInstant } from '@clockwarden/core/time';
import { type Credentials, readCredentials, rereadCredentials } from './credentials.ts';
import { cut, describeError, timedOut, tooLarge } from './failure.ts';

// An `import` of these looks at their every export and so loads undici, 40 ms for commands that never ask by HTTP.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

export interface HttpTarget {
  readonly secure: boolean;
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** For messages. */
  readonly url: string;
}

export interface HttpOptions {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly monotonic: () => MonotonicInstant;
  /** Leaves the connection open for the next round. Ten thousand open connections are 300 MB. */
  readonly keep: boolean;
  /** The exchange puts its own end in here while it is under way, for whoever must end all of them. */
  readonly underWay: Set<() => void>;
}

export type HttpResult =
  | {
      readonly ok: true;
      readonly status: number;
      readonly body: string;
      /** Not after the request left. */
      readonly sent: MonotonicInstant;
      /** Not before the first byte of the answer arrived. */
      readonly received: MonotonicInstant;
    }
  | { readonly ok: false; readonly failure: Failure };

export interface HttpClient {
  /** Never rejects for what a network or a server does. */
  get(target: HttpTarget, options: HttpOptions): Promise<HttpResult>;
  /** Reads the files of the credentials again, as every round should. */
  refresh(): Promise<void>;
  close(): void;
}

/** Throws OperatorError when a secret is unreadable. */
export function createHttpClient(auth: HttpAuth): HttpClient {
  let credentials = readCredentials(auth);
  let agents = createAgents(credentials);
  const closeAgents = (): void => {
    for (const { plain, secure } of [agents.kept, agents.single]) {
      plain.destroy();
      secure.destroy();
    }
  };
  return {
    async get(target, options) {
      const first = await exchange(target, options, credentials, agents);
      // The server may have closed an idle connection while the request was on its way: that is no answer at all.
      return first === 'stale'
        ? ((await exchange(target, options, credentials, agents)) as HttpResult)
        : first;
    },
    async refresh() {
      const before = credentials;
      credentials = await rereadCredentials(auth, before);
      const { ca, cert, key } = credentials;
      if (ca === before.ca && cert === before.cert && key === before.key) return;
      closeAgents();
      agents = createAgents(credentials);
    },
    close: closeAgents,
  };
}

interface AgentPair {
  readonly plain: HttpAgent;
  readonly secure: HttpsAgent;
}

interface Agents {
  readonly kept: AgentPair;
  readonly single: AgentPair;
}

function createAgents({ ca, cert, key }: Credentials): Agents {
  const trust = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  const pair = (keepAlive: boolean): AgentPair => ({
    plain: new http.Agent({ keepAlive }),
    secure: new https.Agent({ keepAlive, ...trust }),
  });
  return { kept: pair(true), single: pair(false) };
}

const STALE = new Set(['ECONNRESET', 'EPIPE']);

function open(
  target: HttpTarget,
  { plain, secure }: AgentPair,
  { authorization }: Credentials,
): ClientRequest {
  const send = target.secure ? https.request : http.request;
  return send({
    agent: target.secure ? secure : plain,
    host: target.host,
    port: target.port,
    path: target.path,
    headers: {
      accept: 'text/plain;version=0.0.4, application/json;q=0.9',
      'accept-encoding': 'identity',
      'user-agent': 'clockwarden',
      ...(authorization !== undefined && { authorization }),
    },
  });
}

async function exchange(
  target: HttpTarget,
  options: HttpOptions,
  credentials: Credentials,
  agents: Agents,
): Promise<HttpResult | 'stale'> {
  try {
    const request = open(target, options.keep ? agents.kept : agents.single, credentials);
    return await answerOf(request, target, options);
  } catch (error) {
    // Node throws at once for a token that is no header and for a certificate that is none.
    return { ok: false, failure: describeError(error, target.url) };
  }
}

function answerOf(
  request: ClientRequest,
  target: HttpTarget,
  { timeoutMs, maxBytes, monotonic, underWay }: HttpOptions,
): Promise<HttpResult | 'stale'> {
  return new Promise((resolve) => {
    let over = false;
    let answered = false;
    let sent = monotonic();
    const end = (result: HttpResult | 'stale'): void => {
      if (over) return;
      over = true;
      clearTimeout(deadline);
      underWay.delete(abandon);
      resolve(result);
    };
    const fail = (failure: Failure): void => {
      end({ ok: false, failure });
      request.destroy();
    };
    const abandon = (): void => fail(timedOut(target.url, timeoutMs));
    const deadline = setTimeout(abandon, timeoutMs);
    underWay.add(abandon);
    request.once('socket', (socket) => {
      // A new connection sends nothing before it is there; a kept one sends right after this event.
      sent = monotonic();
      if (socket.connecting) {
        socket.once('connect', () => {
          sent = monotonic();
        });
      }
    });
    request.once('response', (response) => {
      const received = monotonic();
      answered = true;
      readBody(response, maxBytes, (outcome) => {
        if (outcome === 'too large') fail(tooLarge(target.url, maxBytes));
        else if (outcome === 'cut') fail(cut(target.url));
        else end({ ok: true, status: response.statusCode ?? 0, body: outcome.text, sent, received });
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (answered) fail(cut(target.url));
      else if (request.reusedSocket && STALE.has(error.code ?? '')) end('stale');
      else fail(describeError(error, target.url));
    });
    request.end();
  });
}

type Body = { readonly text: string } | 'too large' | 'cut';

function readBody(response: IncomingMessage, maxBytes: number, done: (outcome: Body) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) done('too large');
    else chunks.push(chunk);
  });
  response.once('end', () => {
    const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length);
    done({ text: whole.toString('utf8') });
  });
  response.once('error', () => done('cut'));
  response.once('close', () => {
    if (!response.complete) done('cut');
  });
}
