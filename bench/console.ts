/**
 * `npm run bench -- --only console`: ten thousand nodes in Chromium, against the real server. The times of tasks are CPU
 * time of the page's main thread: what else the machine does is not the page's doing.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { waitFor } from '@clockwarden/testkit/wait';
import type { CDPSession, Page } from 'playwright-core';
import { newViewer, openBrowser } from '../e2e/console/browser.ts';
import { builtConsole } from '../e2e/console/built.ts';
import { serveDemo } from '../e2e/console/serve-demo.ts';

const { values: options } = parseArgs({
  options: { nodes: { type: 'string', default: '10000' }, json: { type: 'boolean', default: false } },
});

interface Goal {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const server = await serveDemo({ nodes: Number(options.nodes), intervalSeconds: 15 });
const browser = await openBrowser();
try {
  await waitFor(async () => (await fetch(`${server.url}/api/v1/cluster`)).ok, { deadlineMs: 60_000 });
  const goals = [...(await openNodes()), ...(await scrollNodes()), transferred(await builtConsole())];
  if (options.json) console.log(JSON.stringify({ goals }, null, 2));
  else print(goals);
} finally {
  await browser.close();
  await server.close();
}

/** Opens Nodes in a fresh browser, and then watches a round of live data arrive. */
async function openNodes(): Promise<readonly Goal[]> {
  const { context, page } = await newViewer(browser, server.url);
  const session = await context.newCDPSession(page);
  const loading = await traced(session, async () => {
    await page.goto('/nodes');
    await page.getByRole('row').nth(10).waitFor();
  });
  const paint = (await page.evaluate(
    "performance.getEntriesByName('first-contentful-paint')[0].startTime",
  )) as number;
  const listed = (await page.evaluate('performance.now()')) as number;
  const live = await traced(session, () => page.waitForTimeout(20_000));
  await context.close();
  return [
    { name: 'first paint', value: paint / 1_000, unit: 's', goal: 1.5 },
    { name: 'until the list stands', value: listed / 1_000, unit: 's', goal: null },
    { name: 'longest task while loading, CPU', value: longest(loading), unit: 'ms', goal: null },
    { name: 'longest task afterwards, a round arriving, CPU', value: longest(live), unit: 'ms', goal: 50 },
  ];
}

async function scrollNodes(): Promise<readonly Goal[]> {
  const { context, page } = await newViewer(browser, server.url);
  const session = await context.newCDPSession(page);
  await page.goto('/nodes');
  await page.getByRole('row').nth(10).waitFor();
  const frames = await traced(session, () => scroll(page));
  await context.close();
  const costs = frames.sort((a, b) => a - b);
  const p95 = costs[Math.floor(costs.length * 0.95)] ?? 0;
  return [{ name: 'work of a frame while scrolling, p95, CPU', value: p95, unit: 'ms', goal: 17 }];
}

/** Like a finger that will not stop: 120 frames of 400 pixels. */
async function scroll(page: Page): Promise<void> {
  await page.evaluate(`new Promise((done) => {
    let frame = 0;
    const step = () => {
      window.scrollBy(0, 400);
      frame += 1;
      if (frame < 120) requestAnimationFrame(step); else done();
    };
    requestAnimationFrame(step);
  })`);
}

/** CPU milliseconds of every task of the page's main thread during `act`. */
async function traced(session: CDPSession, act: () => Promise<unknown>): Promise<number[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { readonly value: readonly object[] }): void => {
    events.push(...(value as readonly TraceEvent[]));
  };
  session.on('Tracing.dataCollected', collect);
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] },
  });
  await act();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  session.off('Tracing.dataCollected', collect);
  const main = events
    .filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
    .map((event) => `${event.pid} ${event.tid}`);
  const tasks = events.filter(
    (event) => event.name.endsWith('RunTask') && main.includes(`${event.pid} ${event.tid}`),
  );
  return tasks.map((event) => (event.tdur ?? event.dur ?? 0) / 1_000).filter((cost) => cost > 0.5);
}

function longest(costs: readonly number[]): number {
  return costs.reduce((most, cost) => Math.max(most, cost), 0);
}

/** What a browser fetches for Nodes: everything but the pages it does not open. */
function transferred(root: string): Goal {
  const folder = join(root, 'assets');
  const names = readdirSync(folder).filter((name) => !/^(overview|node|explain)-page/.test(name));
  const bytes = names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
  return { name: 'scripts and styles of Nodes, gzip', value: bytes / 1_024, unit: 'KiB', goal: 300 };
}

function print(goals: readonly Goal[]): void {
  const line = (...cells: string[]): void => console.log(`| ${cells.join(' | ')} |`);
  line(`console, ${options.nodes} nodes`, 'value', 'goal', 'ratio', 'met');
  line('---', '---', '---', '---', '---');
  for (const { name, value, unit, goal } of goals) {
    line(
      name,
      `${value.toFixed(value < 100 ? 2 : 0)} ${unit}`,
      goal === null ? '' : `≤ ${goal} ${unit}`,
      goal === null ? '' : (value / goal).toFixed(2),
      goal === null ? '' : value <= goal ? 'met' : 'not met',
    );
  }
}
