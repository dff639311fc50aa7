/** What people come to the console for, against the real server over the demo cluster. */
import { readFile } from 'node:fs/promises';
import { waitFor } from '@clockwarden/testkit/wait';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newViewer, openBrowser } from './console/browser.ts';
import { type DemoServer, serveDemo } from './console/serve-demo.ts';

let browser: Browser;
let server: DemoServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), serveDemo()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function visit(
  path: string,
  journey: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const { context, page, complaints } = await newViewer(browser, server.url, options);
  try {
    await page.goto(path);
    await journey(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

const rows = (page: Page) => page.getByRole('table').getByRole('row');
const searchOf = (page: Page): string => new URL(page.url()).search;
const eventually = { deadlineMs: 30_000, everyMs: 100 };

describe('the overview', () => {
  it('says in its first line who is wrong, and leads to that node', () =>
    visit('/', async (page) => {
      const headline = page.getByRole('heading', { level: 1 });
      await headline.filter({ hasText: 'worker-07' }).waitFor();
      expect(await headline.textContent()).toContain('beyond the critical limit');
      await page.getByRole('link', { name: 'worker-07' }).first().click();
      await page.waitForURL('**/nodes/worker-07');
      await page.getByRole('heading', { level: 1, name: 'worker-07' }).waitFor();
    }));

  it('opens the nodes of a status from its tile', () =>
    visit('/', async (page) => {
      await page.getByRole('link', { name: /^1\s*critical$/ }).click();
      await page.waitForURL('**/nodes?status=critical');
      await page.getByText('1 of 50 nodes').waitFor();
    }));

  it('selects by dragging over the picture, keeps that in the URL and undoes it by Back', () =>
    visit('/', async (page) => {
      const canvas = page.locator('canvas');
      await canvas.waitFor();
      await page.getByRole('table', { name: 'Need attention' }).waitFor();
      await canvas.scrollIntoViewIfNeeded();
      const box = await canvas.boundingBox();
      if (box === null) throw new Error('the picture has no place');
      await page.mouse.move(box.x + box.width * 0.7, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.85, box.y + 42, { steps: 5 });
      await page.mouse.move(box.x + box.width - 2, box.y + 42, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/offset=/);
      await page.getByText('Selected nodes').waitFor();
      await page.getByRole('link', { name: 'worker-07' }).first().waitFor();
      await page.goBack();
      await page.getByRole('table', { name: 'Need attention' }).waitFor();
    }));

  it('shows whom the cluster follows', () =>
    visit('/', async (page) => {
      await page.getByText('ntp1.example.net').first().waitFor();
      await page
        .getByRole('link', { name: /\d+ clients/ })
        .first()
        .waitFor();
    }));
});

describe('the nodes', () => {
  it('are filtered by words, status and daemon, all in the URL', () =>
    visit('/nodes', async (page) => {
      await rows(page).nth(5).waitFor();
      await page.getByRole('searchbox').fill('worker rtcsync');
      await page.getByText('1 of 50 nodes').waitFor();
      await waitFor(() => searchOf(page).includes('q=worker+rtcsync'), eventually);
      await page.getByRole('searchbox').fill('');
      await page.getByRole('button', { name: /unreachable/ }).click();
      await page.getByText('1 of 50 nodes').waitFor();
      expect(searchOf(page)).toBe('?status=unreachable');
      await page.getByRole('button', { name: /unreachable/ }).click();
      await page.getByRole('button', { name: 'Daemon' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'systemd-timesyncd' }).click();
      await page.keyboard.press('Escape');
      await waitFor(() => searchOf(page) === '?daemon=systemd-timesyncd', eventually);
    }));

  it('come from a deep link filtered, sorted and with its columns', () =>
    visit('/nodes?status=warning,critical&sort=-offset&columns=offset,kernel', async (page) => {
      const first = rows(page).nth(1);
      await first.getByRole('link', { name: 'worker-07' }).waitFor();
      expect(await page.getByRole('columnheader').allTextContents()).toEqual([
        'Status',
        'Node',
        'Offset▼',
        'Kernel',
      ]);
    }));

  it('are sorted by a column, both ways, and by worst first again', () =>
    visit('/nodes', async (page) => {
      const header = page.getByRole('columnheader', { name: 'Node' });
      await header.getByRole('button').click();
      await waitFor(async () => (await header.getAttribute('aria-sort')) === 'ascending', eventually);
      await rows(page).nth(1).getByRole('link', { name: 'cp-1' }).waitFor();
      await header.getByRole('button').click();
      await waitFor(async () => (await header.getAttribute('aria-sort')) === 'descending', eventually);
      await header.getByRole('button').click();
      await rows(page).nth(1).getByRole('link', { name: 'worker-07' }).waitFor();
      expect(searchOf(page)).toBe('');
    }));

  it('are exported as they are filtered', () =>
    visit('/nodes?status=critical', async (page) => {
      await page.getByText('1 of 50 nodes').waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'CSV' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('demo-nodes.csv');
      const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
      expect(lines).toHaveLength(2);
      expect(lines[1]).toMatch(/^worker-07,10\.20\.0\.9,worker,critical,.*,187\.\d+,/);
    }));

  it('move with the live data', () =>
    visit('/nodes', async (page) => {
      const offset = rows(page).filter({ hasText: 'worker-04' }).getByRole('cell').nth(4);
      const before = await offset.textContent();
      await waitFor(async () => (await offset.textContent()) !== before, eventually);
    }));

  it('are cards on a telephone, with the same facts', () =>
    visit(
      '/nodes',
      async (page) => {
        const card = rows(page).filter({ hasText: 'worker-03' });
        await card.waitFor();
        const words = (await card.textContent()) ?? '';
        for (const fact of ['warning', 'synchronized', 'chronyd', '± 0.', 'Asia/Shanghai']) {
          expect(words).toContain(fact);
        }
      },
      { viewport: { width: 360, height: 780 } },
    ));
});

describe('a node', () => {
  it('shows its reasons with evidence, its sources with their marks, and commands to copy', () =>
    visit('/nodes/cp-3', async (page) => {
      const liar = page.getByRole('row').filter({ hasText: 'ntp3.example.net' }).first();
      await liar.getByText('^x').waitFor();
      expect(await liar.textContent()).toContain('falseticker');
      await page.getByRole('heading', { name: 'What an expert would type' }).waitFor();
      await page.getByText('chronyc -n sources -v').first().waitFor();
    }));

  it('keeps the range of its history in the URL, zooms by dragging and goes back by a double click', () =>
    visit('/nodes/worker-04', async (page) => {
      await page.getByRole('radio', { name: '24 h' }).click();
      await page.waitForURL('**/nodes/worker-04?range=24h');
      const picture = page.locator('.u-over').first();
      await picture.waitFor();
      await picture.scrollIntoViewIfNeeded();
      const box = await picture.boundingBox();
      if (box === null) throw new Error('the picture has no place');
      await page.mouse.move(box.x + box.width * 0.8, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 1, box.y + 40, { steps: 6 });
      await page.mouse.up();
      await page.waitForURL(/from=\d+&to=\d+/);
      await page.getByRole('button', { name: 'Back' }).waitFor();
      await page.locator('.u-over').first().dblclick();
      await page.waitForURL('**/nodes/worker-04?range=24h');
    }));

  it('reads the values of its history under the pointer', () =>
    visit('/nodes/worker-03', async (page) => {
      const picture = page.locator('.u-over').first();
      await picture.waitFor();
      await picture.scrollIntoViewIfNeeded();
      await page.getByText('Point into a picture to read its values.').waitFor();
      await picture.hover();
      const readout = page.getByText(/of 8 polls answered/).locator('..');
      await readout.waitFor();
      expect(await readout.textContent()).toMatch(
        /\d\d:\d\d:\d\d.* UTC[+−]?\d.* ± .*ppm\d of 8 polls answered$/,
      );
      await page.mouse.move(0, 0);
      await page.getByText('Point into a picture to read its values.').waitFor();
    }));

  it('that nothing reaches says which source failed, and how', () =>
    visit('/nodes/worker-05', async (page) => {
      await page.getByText('did not answer within 5 s').first().waitFor();
      await page.getByText('is UDP 123 open on it?').first().waitFor();
    }));

  it('that does not exist leads back to the list', () =>
    visit('/nodes/nobody', async (page) => {
      await page.getByRole('heading', { name: 'There is no node nobody' }).waitFor();
      await page.getByRole('main').getByRole('link', { name: 'Nodes' }).click();
      await rows(page).nth(1).waitFor();
    }));
});

describe('by keyboard', () => {
  it('goes everywhere without a mouse', () =>
    visit('/', async (page) => {
      await page.getByRole('table', { name: 'Need attention' }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('n');
      await page.waitForURL('**/nodes');
      await rows(page).nth(1).waitFor();
      // The overview has rows too, and stays in sight until the list is there.
      await page.getByRole('searchbox').waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('worker-12');
      await page.getByText('1 of 50 nodes').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'worker-12' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/nodes/worker-12');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await page.getByRole('table', { name: 'Need attention' }).waitFor();
    }));

  it('finds the search field from another page, and skips to the content first of all', () =>
    visit('/', async (page) => {
      await page.getByRole('table', { name: 'Need attention' }).waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe('#content');
      await page.keyboard.press('/');
      await page.waitForURL('**/nodes');
      await waitFor(() => page.evaluate('document.activeElement.id === "node-search"'), eventually);
    }));
});

describe('the viewer’s choices', () => {
  it('are kept: language, theme and zone', () =>
    visit('/', async (page) => {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('radio', { name: '简体中文' }).check();
      await page.getByRole('radio', { name: '深色' }).check();
      await page.getByRole('radio', { name: 'UTC' }).check();
      await page.reload();
      await page.getByText('需要处理').first().waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
      expect(await page.locator('time').first().textContent()).toMatch(/^\d\d:\d\d:\d\d UTC$/);
    }));

  it('speaks Chinese to a Chinese browser, the server’s sentences too', () =>
    visit(
      '/nodes/worker-07',
      async (page) => {
        await page.getByText('超出严重限值').first().waitFor();
        await page.getByRole('heading', { name: '专家会输入的命令' }).waitFor();
        await page.getByText('时间守护进程').first().waitFor();
      },
      { locale: 'zh-CN' },
    ));
});

describe('pasted output', () => {
  it('is explained in the browser', () =>
    visit('/explain', async (page) => {
      await page
        .getByRole('textbox')
        .fill(
          'System clock synchronized: no\n              NTP service: inactive\n                Time zone: Asia/Shanghai (CST, +0800)\n',
        );
      await page.getByRole('heading', { name: 'What an expert would conclude' }).waitFor();
    }));
});
