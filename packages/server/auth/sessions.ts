/** Who is logged in. Only digests of session ids are kept, so that nothing read from memory dumps or logs opens a door. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const SESSION_SECONDS = 12 * 3_600;
const MOST_SESSIONS = 1_000;

interface Session {
  readonly csrfToken: string;
  readonly endsAtMs: number;
}

export interface NewSession {
  /** For the cookie. */
  readonly id: string;
  readonly csrfToken: string;
}

export class Sessions {
  readonly #byDigest = new Map<string, Session>();

  begin(nowMs: number): NewSession {
    for (const [digest, session] of this.#byDigest) {
      // Oldest first: those that ended, and the oldest where there are too many.
      if (session.endsAtMs > nowMs && this.#byDigest.size < MOST_SESSIONS) break;
      this.#byDigest.delete(digest);
    }
    const id = randomBytes(32).toString('base64url');
    const csrfToken = randomBytes(32).toString('base64url');
    this.#byDigest.set(digestOf(id), { csrfToken, endsAtMs: nowMs + SESSION_SECONDS * 1000 });
    return { id, csrfToken };
  }

  /** Null: never begun, ended, or expired. */
  find(id: string, nowMs: number): { readonly csrfToken: string } | null {
    const session = this.#byDigest.get(digestOf(id));
    return session === undefined || session.endsAtMs <= nowMs ? null : session;
  }

  end(id: string): void {
    this.#byDigest.delete(digestOf(id));
  }
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}

/** Equal texts, in a time that does not tell where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}
