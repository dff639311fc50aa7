/** Every page, in both languages and both themes: no accessibility violation, no complaint of the browser, no sideways scrolling. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations } from './console/axe.ts';
import { newViewer, openBrowser } from './console/browser.ts';
import { type DemoServer, rememberADay, serveDemo } from './console/serve-demo.ts';

let browser: Browser;
let server: DemoServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), serveDemo()]);
  rememberADay(server);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Each page with something on it that only is there once its data are. */
const pages = [
  { path: '/', ready: 'canvas[aria-label]' },
  { path: '/nodes', ready: '[role="row"] a' },
  { path: '/nodes/cp-3', ready: 'text=ntp3.example.net' },
  { path: '/nodes/worker-04', ready: 'td:text("±30 s")' },
  { path: '/nodes/worker-05', ready: 'code:text("unreachable")' },
  { path: '/explain', ready: 'textarea' },
  { path: '/no/such/page', ready: 'code:text("/no/such/page")' },
] as const;

describe.each(['en-GB', 'zh-CN'] as const)('in %s', (locale) => {
  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    it.each(pages)('$path is accessible and quiet', async ({ path, ready }) => {
      const { context, page, complaints } = await newViewer(browser, server.url, { locale, colorScheme });
      try {
        await page.goto(path);
        await page.locator(ready).first().waitFor();
        expect(await page.evaluate('document.documentElement.lang')).toBe(
          locale === 'zh-CN' ? 'zh-CN' : 'en',
        );
        expect(await page.evaluate('document.documentElement.dataset.theme')).toBe(colorScheme);
        expect(await accessibilityViolations(page)).toEqual([]);
        expect(complaints).toEqual([]);
      } finally {
        await context.close();
      }
    });
  });
});

describe.each([360, 768, 2560])('at %d px', (width) => {
  it.each([...pages, { path: '/api/docs', ready: 'h1' }])(
    '$path does not scroll sideways',
    async ({ path, ready }) => {
      const { context, page } = await newViewer(browser, server.url, { viewport: { width, height: 800 } });
      try {
        await page.goto(path);
        await page.locator(ready).first().waitFor();
        expect(
          await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
        ).toBeLessThanOrEqual(0);
      } finally {
        await context.close();
      }
    },
  );
});
