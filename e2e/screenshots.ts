/**
 * `npm run screenshots`: makes docs/images/*.png anew from the real server over the demo cluster, with a day of history
 * behind it. Needs Chromium.
 */
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { newViewer, openBrowser } from './console/browser.ts';
import { type DemoServer, rememberADay, serveDemo } from './console/serve-demo.ts';

/** Larger pictures are slow to read over a thin line. */
const MOST_BYTES = 250_000;
const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly locale: 'en-GB' | 'zh-CN';
  readonly colorScheme: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Something that is there once the picture is whole. */
  readonly ready: string;
  /** Pasted into the page's text field first. */
  readonly paste?: string;
}

const pasted = `$ chronyc -n sources
MS Name/IP address         Stratum Poll Reach LastRx Last sample
===============================================================================
^* 10.3.0.1                      3   6   377    34    +12us[  +15us] +/-  2100us
^+ 10.3.0.2                      3   6   357    31   -140us[ -137us] +/-  2400us
^x 10.3.0.9                      2   6   377    33   +812ms[ +812ms] +/-   900us
^? 10.3.0.12                     0   8     0     -     +0ns[   +0ns] +/-    0ns
$ timedatectl
System clock synchronized: yes
              NTP service: n/a
`;

const pages: readonly Pick<Shot, 'name' | 'path' | 'ready' | 'height'>[] = [
  { name: 'overview', path: '/', ready: 'text=ntp1.example.net' },
  { name: 'nodes', path: '/nodes', ready: '[role="row"] a' },
  // As high as the first chart with both rows of its time axis.
  { name: 'node', path: '/nodes/worker-04?range=24h', ready: 'text=ntp3.example.net', height: 850 },
];

const shots: readonly Shot[] = [
  ...pages.flatMap((page): Shot[] => [
    { ...page, name: `${page.name}-en-light`, locale: 'en-GB', colorScheme: 'light' },
    { ...page, name: `${page.name}-zh-CN-dark`, locale: 'zh-CN', colorScheme: 'dark' },
  ]),
  ...pages.slice(0, 2).map(
    (page): Shot => ({
      ...page,
      name: `${page.name}-phone`,
      locale: 'zh-CN',
      colorScheme: 'light',
      width: 360,
      height: 780,
    }),
  ),
  {
    name: 'explain-en-light',
    path: '/explain',
    ready: 'textarea',
    locale: 'en-GB',
    colorScheme: 'light',
    paste: pasted,
  },
];

mkdirSync(folder, { recursive: true });
const server = await serveDemo();
const browser = await openBrowser();
try {
  rememberADay(server);
  for (const shot of shots) await take(browser, server, shot);
} finally {
  await browser.close();
  await server.close();
}

async function take(browser: Browser, server: DemoServer, shot: Shot): Promise<void> {
  const { context, page, complaints } = await newViewer(browser, server.url, {
    locale: shot.locale,
    colorScheme: shot.colorScheme,
    viewport: { width: shot.width ?? 1_280, height: shot.height ?? 820 },
  });
  await page.goto(shot.path);
  await page.locator(shot.ready).first().waitFor();
  if (shot.paste !== undefined) {
    await page.locator('textarea').fill(shot.paste);
    await page.locator('ol').first().waitFor();
  }
  // Two rounds of the demo, so that everything that comes later has come.
  await page.waitForTimeout(4_500);
  const path = `${folder}${shot.name}.png`;
  await page.screenshot({ path });
  await context.close();
  const { size } = statSync(path);
  if (complaints.length > 0) throw new Error(`${shot.name}: ${complaints.join('; ')}`);
  if (size > MOST_BYTES) throw new Error(`${shot.name} has ${size} bytes, more than ${MOST_BYTES}`);
  console.log(`${shot.name}.png ${Math.round(size / 1_000)} kB`);
}
