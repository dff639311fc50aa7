/** Decides about each request: does it come by an allowed name, from somebody known, and on purpose. */

import type { SessionState } from '@clockwarden/api/console';
import { OperatorError } from '@clockwarden/core/errors';
import { text } from '@clockwarden/core/text';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Attempts, placeOf } from './attempts.ts';
import type { Secrets } from './listen.ts';
import { verifyPassword } from './password.ts';
import { SESSION_SECONDS, Sessions, sameSecret } from './sessions.ts';

export interface GuardOptions extends Secrets {
  /** Where the server listens; a wildcard address stands for each of the machine's own. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly tls: boolean;
  /** X-Forwarded-For and X-Forwarded-Proto are to be believed. */
  readonly behindProxy: boolean;
}

/** Reached without a login: the console's own files, health, and the login itself. */
const open = /^\/(?:api\/v1\/session|healthz|readyz)$/;
const guarded = /^\/(?:api(?:\/|$)|metrics$)/;
const changing = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);
/** scrypt takes 16 MiB and a core's attention each. */
const MOST_LOGINS_AT_ONCE = 4;

export class Guard {
  readonly #options: GuardOptions;
  readonly #hosts: ReadonlySet<string>;
  readonly #sessions = new Sessions();
  readonly #attempts = new Attempts();
  #loginsUnderWay = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
    const names = ['localhost', '127.0.0.1', '[::1]', bracketed(options.host), ...options.allowedHosts];
    this.#hosts = new Set(names.map((name) => name.toLowerCase()));
  }

  get required(): boolean {
    return this.#options.token !== null || this.#options.passwordHash !== null;
  }

  middleware(): MiddlewareHandler {
    return async (context, next) => {
      const known = this.#bearer(context);
      if (!known) this.#checkHost(context);
      const { path, method } = context.req;
      if (changing(method) && !known) this.#checkOrigin(context);
      if (this.required && guarded.test(path) && !open.test(path) && !known) {
        const session = this.#session(context);
        if (session === null) throw new OperatorError('unauthorized');
        if (changing(method)) checkCsrf(context, session.csrfToken);
      }
      await next();
    };
  }

  state(context: Context): SessionState {
    const { token, passwordHash } = this.#options;
    const method = passwordHash !== null ? 'password' : token !== null ? 'token' : 'none';
    const session = this.#session(context);
    const authenticated = !this.required || session !== null || this.#bearer(context);
    return { required: this.required, authenticated, method, csrfToken: session?.csrfToken ?? null };
  }

  /** Begins a session; throws `unauthorized`, or `too-many-requests` with Retry-After. */
  async logIn(context: Context, secret: string): Promise<SessionState> {
    if (!this.required) return this.state(context);
    const place = this.#place(context);
    this.#refuseHurry(context, place);
    // One that is being looked at counts: several at once must not be more than several one after the other.
    this.#attempts.failed(place, Date.now());
    this.#loginsUnderWay += 1;
    const right = await this.#isRight(secret).finally(() => {
      this.#loginsUnderWay -= 1;
    });
    if (!right) {
      throw new OperatorError('unauthorized', {
        detail: text('Wrong password or token.', '密码或令牌错误。'),
      });
    }
    this.#attempts.succeeded(place);
    const { id, csrfToken } = this.#sessions.begin(Date.now());
    this.#setCookie(context, id, SESSION_SECONDS);
    return { ...this.state(context), authenticated: true, csrfToken };
  }

  logOut(context: Context): SessionState {
    const id = getCookie(context, this.#cookieName(context));
    const session = this.#session(context);
    if (id !== undefined && session !== null) {
      checkCsrf(context, session.csrfToken);
      this.#sessions.end(id);
    }
    this.#setCookie(context, '', 0);
    return { ...this.state(context), authenticated: !this.required, csrfToken: null };
  }

  async #isRight(secret: string): Promise<boolean> {
    const { token, passwordHash } = this.#options;
    const byToken = token !== null && sameSecret(secret, token);
    const byPassword = passwordHash !== null && (await verifyPassword(secret, passwordHash));
    return byToken || byPassword;
  }

  #refuseHurry(context: Context, place: string): void {
    const busy = this.#loginsUnderWay >= MOST_LOGINS_AT_ONCE ? 1 : 0;
    const wait = Math.max(busy, this.#attempts.waitSeconds(place, Date.now()));
    if (wait === 0) return;
    context.header('retry-after', String(wait));
    throw new OperatorError('too-many-requests');
  }

  /** A wrong token counts as a failed login; a right one is let in even from a place that failed before. */
  #bearer(context: Context): boolean {
    const sent = /^Bearer +(\S+) *$/i.exec(context.req.header('authorization') ?? '')?.[1];
    const { token } = this.#options;
    if (sent === undefined || token === null) return false;
    if (sameSecret(sent, token)) return true;
    const place = this.#place(context);
    this.#refuseHurry(context, place);
    this.#attempts.failed(place, Date.now());
    return false;
  }

  #session(context: Context): { readonly csrfToken: string } | null {
    const id = getCookie(context, this.#cookieName(context));
    return id === undefined ? null : this.#sessions.find(id, Date.now());
  }

  /** A page elsewhere can make a name of its own point here (DNS rebinding); its name then stands in Host. */
  #checkHost(context: Context): void {
    const host = hostOf(context.req.header('host') ?? '');
    if (host !== null && (this.#hosts.has(host) || host === bracketed(localAddress(context)))) return;
    throw new OperatorError('forbidden', {
      where: 'Host',
      detail: text(
        'This name is not one of the server’s: add it to `console.allowedHosts`.',
        '该名称不属于本服务器：请将其加入 `console.allowedHosts`。',
      ),
    });
  }

  /** Browsers say where a changing request comes from; programs need not. */
  #checkOrigin(context: Context): void {
    const { req } = context;
    const origin = req.header('origin');
    const site = req.header('sec-fetch-site');
    const sameHost = origin === undefined || hostWithPort(origin) === req.header('host')?.toLowerCase();
    if (sameHost && (site === undefined || site === 'same-origin' || site === 'none')) return;
    throw new OperatorError('forbidden', {
      where: 'Origin',
      detail: text('The request comes from another site.', '该请求来自其他站点。'),
    });
  }

  #cookieName(context: Context): string {
    return this.#secure(context) ? '__Host-clockwarden' : 'clockwarden';
  }

  #setCookie(context: Context, value: string, maxAge: number): void {
    const secure = this.#secure(context);
    setCookie(context, this.#cookieName(context), value, {
      httpOnly: true,
      sameSite: 'Strict',
      secure,
      path: '/',
      maxAge,
    });
  }

  #secure(context: Context): boolean {
    if (this.#options.tls) return true;
    return this.#options.behindProxy && context.req.header('x-forwarded-proto') === 'https';
  }

  #place(context: Context): string {
    const { incoming } = context.env as HttpBindings;
    const direct = incoming?.socket?.remoteAddress ?? 'unknown';
    // The nearest proxy appends; what stands before it anybody may have written.
    const forwarded = context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
    return placeOf(this.#options.behindProxy && forwarded !== undefined ? forwarded : direct);
  }
}

function checkCsrf(context: Context, wanted: string): void {
  if (sameSecret(context.req.header('x-csrf-token') ?? '', wanted)) return;
  throw new OperatorError('forbidden', {
    where: 'X-CSRF-Token',
    detail: text(
      'The token of GET /api/v1/session is missing or wrong.',
      '缺少 GET /api/v1/session 给出的令牌，或令牌错误。',
    ),
  });
}

function hostOf(header: string): string | null {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(header.toLowerCase())?.[1] ?? null;
}

function hostWithPort(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

function localAddress(context: Context): string {
  const { incoming } = context.env as HttpBindings;
  return incoming?.socket?.localAddress?.replace(/^::ffff:/i, '') ?? '';
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
