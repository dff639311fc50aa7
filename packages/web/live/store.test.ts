import type { ClusterPage, StreamEvent } from '@clockwarden/api/console';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeRowOf } from '../testing/rows.ts';
import { createLiveStore, type LiveStore } from './store.ts';

/** The browser's end of the stream, with the server's end in the hands of the test. */
class FakeSource extends EventTarget {
  static opened: FakeSource[] = [];
  onerror: (() => void) | null = null;
  closed = false;

  constructor() {
    super();
    FakeSource.opened.push(this);
  }

  close(): void {
    this.closed = true;
  }

  says(event: StreamEvent['event'], data: unknown = {}): void {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
}

const rows = (...names: readonly string[]) => ({ rows: names.map((name) => nodeRowOf({ name })), gone: [] });
const page = (...names: readonly string[]): ClusterPage =>
  ({ cluster: { name: 'demo' }, status: {}, ...rows(...names) }) as unknown as ClusterPage;

/** What the server answers by path; a function is asked at each request. */
let replies: Record<string, () => unknown>;
let store: LiveStore;
let close: () => void;
const newest = (): FakeSource => {
  const source = FakeSource.opened.at(-1);
  if (source === undefined) throw new Error('no stream was opened');
  return source;
};
const names = (): string[] => store.state().rows.map((row) => row.name);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('fetch', async (path: string) => {
    const reply = await replies[path.replace('/api/v1', '')]?.();
    return reply instanceof Response ? reply : Response.json(reply);
  });
  FakeSource.opened = [];
  replies = {
    '/cluster': () => page('a', 'b'),
    '/changes': () => ({ changes: [] }),
    '/session': () => ({ required: false, authenticated: true }),
  };
  store = createLiveStore();
  close = store.open();
});

afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the live store', () => {
  it('loads the whole at the hello, then applies what comes, gathered for a moment', async () => {
    newest().says('hello');
    await vi.advanceTimersByTimeAsync(0);
    expect(store.state()).toMatchObject({ connection: 'live', problem: null, cluster: { name: 'demo' } });
    const told = vi.fn();
    store.subscribe(told);
    newest().says('rows', rows('c'));
    newest().says('rows', rows('d'));
    expect(names()).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(50);
    expect(names()).toEqual(['a', 'b', 'c', 'd']);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('applies after the whole what came while it was on its way', async () => {
    const whole = Promise.withResolvers<ClusterPage>();
    replies['/cluster'] = () => whole.promise;
    newest().says('hello');
    newest().says('rows', { rows: [nodeRowOf({ name: 'c' })], gone: ['a'] });
    await vi.advanceTimersByTimeAsync(100);
    expect(names()).toEqual([]);
    whole.resolve(page('a', 'b'));
    await vi.advanceTimersByTimeAsync(0);
    expect(names()).toEqual(['b', 'c']);
  });

  it('asks again after growing pauses when the whole does not come', async () => {
    replies['/cluster'] = () => new Response(null, { status: 503 });
    for (const pause of [500, 1_000, 2_000]) {
      const source = newest();
      source.onerror?.();
      expect(source.closed).toBe(true);
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(newest()).toBe(source);
      await vi.advanceTimersByTimeAsync(1);
      expect(newest()).not.toBe(source);
    }
    newest().says('hello');
    await vi.advanceTimersByTimeAsync(0);
    expect(store.state().problem).toBe('failed');
    const source = newest();
    await vi.advanceTimersByTimeAsync(500);
    expect(newest()).not.toBe(source);
  });

  it('is lost after a silence, and live again at the next word', async () => {
    newest().says('hello');
    await vi.advanceTimersByTimeAsync(2_600);
    expect(store.state().connection).toBe('live');
    newest().says('beat');
    await vi.advanceTimersByTimeAsync(2_600);
    expect(store.state().connection).toBe('live');
    const silent = newest();
    await vi.advanceTimersByTimeAsync(400);
    expect(store.state()).toMatchObject({ connection: 'lost', cluster: { name: 'demo' } });
    expect(silent.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    newest().says('hello');
    expect(store.state().connection).toBe('live');
  });

  it('passes over a hiccup of the stream, and tells of what lasts longer', async () => {
    newest().says('hello');
    await vi.advanceTimersByTimeAsync(0);
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(1_000);
    newest().says('hello');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(store.state().connection).toBe('live');
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(1_600);
    expect(store.state().connection).toBe('lost');
  });

  it.each([
    [() => ({ required: true, authenticated: false }), 'unauthenticated'],
    [() => ({ required: false, authenticated: false }), 'failed'],
    [() => new Response(null, { status: 401 }), 'unauthenticated'],
    [() => Promise.reject(new TypeError('refused')), 'unreachable'],
  ] as const)('asks why a first stream failed: %#', async (session, problem) => {
    replies['/session'] = session;
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.state().problem).toBe(problem);
  });

  it('says nothing more once it is closed', async () => {
    newest().says('hello');
    const told = vi.fn();
    store.subscribe(told);
    close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(newest().closed).toBe(true);
    expect(FakeSource.opened).toHaveLength(1);
    expect(told).not.toHaveBeenCalled();
  });
});
