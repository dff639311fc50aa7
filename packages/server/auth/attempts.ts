/** Counts failed logins: a few from one place in a minute, some more from everywhere, then one waits. */

const WINDOW_MS = 60_000;
const MOST_FROM_ONE = 5;
const MOST_FROM_ALL = 100;
const MOST_PLACES = 10_000;

interface Window {
  readonly endsAtMs: number;
  failures: number;
}

export class Attempts {
  readonly #places = new Map<string, Window>();
  #all: Window = { endsAtMs: 0, failures: 0 };

  /** Seconds to wait before another attempt from `place` is looked at; 0: now. */
  waitSeconds(place: string, nowMs: number): number {
    const own = this.#places.get(place);
    const blocked = [
      own !== undefined && own.failures >= MOST_FROM_ONE ? own.endsAtMs : 0,
      this.#all.failures >= MOST_FROM_ALL ? this.#all.endsAtMs : 0,
    ];
    return Math.max(0, Math.ceil((Math.max(...blocked) - nowMs) / 1000));
  }

  failed(place: string, nowMs: number): void {
    if (this.#all.endsAtMs <= nowMs) this.#all = { endsAtMs: nowMs + WINDOW_MS, failures: 0 };
    this.#all.failures += 1;
    const own = this.#places.get(place);
    if (own !== undefined && own.endsAtMs > nowMs) {
      own.failures += 1;
      return;
    }
    if (this.#places.size >= MOST_PLACES) this.#places.clear();
    this.#places.set(place, { endsAtMs: nowMs + WINDOW_MS, failures: 1 });
  }

  /** What was counted was the owner's. */
  succeeded(place: string): void {
    this.#places.delete(place);
    this.#all.failures = Math.max(0, this.#all.failures - 1);
  }
}

/** Where an attempt comes from: an IPv4 address, or the /64 that one IPv6 customer has. */
export function placeOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const left = head.split(':').filter((part) => part !== '');
  const right = tail?.split(':').filter((part) => part !== '') ?? [];
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
