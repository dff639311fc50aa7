/** The console when the server goes, comes back, or wants to know who asks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { failure } from '@clockwarden/core/observe';
import type { Source } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { waitFor } from '@clockwarden/testkit/wait';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations } from './console/axe.ts';
import { newViewer, openBrowser } from './console/browser.ts';
import { serveDemo } from './console/serve-demo.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
});

describe('a lost connection', () => {
  it('shows within 3 s, keeps the last data marked as such, and heals by itself', async () => {
    let server = await serveDemo();
    const { context, page } = await newViewer(browser, server.url);
    try {
      await page.goto('/nodes');
      await page.getByRole('row').nth(3).waitFor();
      await page.getByRole('banner').getByText('live', { exact: true }).waitFor();
      const { port } = new URL(server.url);
      await server.close();
      // From the page's own clock: the test's machine may be slow to look.
      const lost = page.getByText('Connection lost.');
      const began = performance.now();
      await lost.waitFor();
      expect(performance.now() - began).toBeLessThan(3_000);
      expect(await page.getByRole('row').count()).toBeGreaterThan(3);
      server = await serveDemo({ port: Number(port) });
      await lost.waitFor({ state: 'detached' });
      await page.getByRole('banner').getByText('live', { exact: true }).waitFor();
    } finally {
      await context.close();
      await server.close();
    }
  });

  it('before the first data says so, and how to start the server', async () => {
    const server = await serveDemo();
    const { context, page } = await newViewer(browser, server.url);
    try {
      await page.route('**/api/**', (route) => route.abort());
      await page.goto('/');
      await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
      await page.getByText('clockwarden serve').waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.unroute('**/api/**');
      await page.getByRole('table', { name: 'Need attention' }).waitFor();
    } finally {
      await context.close();
      await server.close();
    }
  });
});

describe('readings that stop', () => {
  it('grow old before one’s eyes, then stale', async () => {
    let silent = false;
    /** Answers at first, then leaves every node without a word. */
    const stopping = (source: Source): Source => ({
      kind: source.kind,
      collect: async (nodes, context, emit) => {
        if (!silent) return source.collect(nodes, context, emit);
        for (const node of nodes) {
          emit(node, {
            source: source.kind,
            target: node.address,
            at: context.timeBase.monotonic(),
            tookSeconds: 0,
            result: { ok: false, failure: failure('unreachable', text('No answer.', '没有应答。')) },
          });
        }
        await sleep(0);
      },
      close: () => source.close(),
    });
    const server = await serveDemo({ intervalSeconds: 1, sources: (demo) => demo.sources.map(stopping) });
    const { context, page } = await newViewer(browser, server.url);
    try {
      await page.goto('/');
      await page.getByRole('table', { name: 'Need attention' }).waitFor();
      silent = true;
      const tile = page.getByRole('link', { name: /^50\s*unreachable$/ });
      await tile.waitFor({ timeout: 60_000 });
      await page.getByRole('heading', { level: 1 }).filter({ hasText: '50 of 50 nodes' }).waitFor();
    } finally {
      await context.close();
      await server.close();
    }
  });
});

describe('a server that asks for a token', () => {
  const token = 'a-token-of-enough-length-0123456789';

  it('lets in who has it, to the page that was asked for, and out again', async () => {
    const server = await serveDemo({ token });
    const { context, page, complaints } = await newViewer(browser, server.url);
    try {
      await page.goto('/nodes?status=critical');
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      expect(await page.getByText('worker-07').count()).toBe(0);
      await page.getByLabel('Token').fill('not the token, but long enough');
      await page.getByRole('button', { name: 'Log in' }).click();
      await waitFor(async () => ((await page.getByRole('alert').textContent()) ?? '').trim() !== '', {
        deadlineMs: 30_000,
      });
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByText('1 of 50 nodes').waitFor();
      expect(new URL(page.url()).search).toBe('?status=critical');
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
      await server.close();
    }
  });
});
