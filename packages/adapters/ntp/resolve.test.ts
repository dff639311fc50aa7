import { expect, it } from 'vitest';
import { NameCache, resolveHost } from './resolve.ts';

const never = new AbortController().signal;

it('a literal is its own address; an IPv4 one in IPv6 clothes is IPv4', async () => {
  expect(await resolveHost('10.0.0.1', 1, never)).toEqual({ ok: true, addresses: ['10.0.0.1'] });
  expect(await resolveHost('2001:db8::1', 1, never)).toEqual({ ok: true, addresses: ['2001:db8::1'] });
  expect(await resolveHost('fe80::1%eth0', 1, never)).toEqual({ ok: true, addresses: ['fe80::1%eth0'] });
  expect(await resolveHost('::ffff:10.0.0.1', 1, never)).toEqual({ ok: true, addresses: ['10.0.0.1'] });
  expect(await resolveHost('::FFFF:a00:1', 1, never)).toEqual({ ok: true, addresses: ['10.0.0.1'] });
});

it('a name has addresses of the wanted family', async () => {
  expect(await resolveHost('localhost', 10, never, 4)).toEqual({ ok: true, addresses: ['127.0.0.1'] });
});

it('an abort ends the waiting', async () => {
  const aborter = new AbortController();
  const resolving = resolveHost('no-such-host.invalid', 60, aborter.signal);
  aborter.abort();
  expect(await resolving).toMatchObject({ ok: false });
});

it('names are remembered, failures are not', async () => {
  const cache = new NameCache();
  const first = await cache.addressesOf('localhost', 10, never);
  expect(first.ok).toBe(true);
  expect(await cache.addressesOf('localhost', 0, AbortSignal.abort())).toEqual(first);
  expect((await cache.addressesOf('no-such-host.invalid', 10, never)).ok).toBe(false);
});
