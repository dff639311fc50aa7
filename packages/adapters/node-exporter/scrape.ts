import {
  type Collector,
  clockOfExchange,
  collectorFamilies,
  hostOf,
  kernelOf,
  readPage,
  type Series,
  singleValue,
} from '@clockwarden/core/exposition';
import { type Failure, failure, type HostState, type NodeFacts, noFacts } from '@clockwarden/core/observe';
import type { NodeExporterConfig } from '@clockwarden/core/policy';
import type { TimeBase } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { type MonotonicInstant, nanosecondsOf, secondsOf } from '@clockwarden/core/time';
import {
  describeStatus,
  type HttpClient,
  type HttpOptions,
  type HttpResult,
  type HttpTarget,
} from '../http/index.ts';

/** A full page of a large machine has some hundred kilobytes. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;
/** What the host is changes seldom: it is asked this often only, for each collector costs the node something. */
const HOST_EVERY = nanosecondsOf(600);

const always: readonly Collector[] = ['time', 'timex'];
const seldom: readonly Collector[] = ['os', 'stat', 'uname'];

/** What was learnt about a node's exporter in earlier rounds. */
export interface Known {
  /** Collectors that it does not have. */
  readonly missing: Set<string>;
  /** It does not understand `collect[]` (not node_exporter, or a proxy before it). */
  unfiltered: boolean;
  host: HostState | null;
  hostReadAt: MonotonicInstant | null;
}

export type Scraped =
  | { readonly ok: true; readonly facts: NodeFacts; readonly at: MonotonicInstant }
  | { readonly ok: false; readonly failure: Failure };

export interface Scraper {
  readonly client: HttpClient;
  readonly config: NodeExporterConfig;
  readonly timeBase: TimeBase;
  readonly underWay: Set<() => void>;
  /** Whether connections stay open between rounds. */
  readonly keep: boolean;
}

/** One reading of one exporter; several exchanges only where it refuses the filter. */
export async function scrape(address: string, known: Known, scraper: Scraper): Promise<Scraped> {
  const { client, config, timeBase, underWay, keep } = scraper;
  const deadline = timeBase.monotonic() + nanosecondsOf(config.timeoutSeconds);
  for (;;) {
    const now = timeBase.monotonic();
    const collectors = wanted(known, now);
    const options: HttpOptions = {
      timeoutMs: Math.max(1, secondsOf(deadline - now) * 1000),
      maxBytes: MAX_PAGE_BYTES,
      monotonic: () => timeBase.monotonic(),
      keep,
      underWay,
    };
    const target = targetOf(address, config, collectors);
    const answer = await client.get(target, options);
    if (!answer.ok) return answer;
    if (answer.status === 400 && learn(answer.body, collectors, known)) continue;
    if (answer.status !== 200)
      return { ok: false, failure: describeStatus(answer.status, urlOf(address, config)) };
    return understand(answer, urlOf(address, config), known, timeBase);
  }
}

function wanted(known: Known, now: MonotonicInstant): readonly Collector[] | null {
  if (known.unfiltered) return null;
  const isHostDue = known.hostReadAt === null || now - known.hostReadAt > HOST_EVERY;
  return [...always, ...(isHostDue ? seldom : [])].filter((name) => !known.missing.has(name));
}

/** node_exporter names the collector that it lacks. Returns whether another try makes sense. */
function learn(body: string, collectors: readonly Collector[] | null, known: Known): boolean {
  if (collectors === null) return false;
  const lacked = /(?:missing|disabled) collector: ([a-z_0-9]{1,64})/.exec(body)?.[1];
  if (lacked !== undefined && collectors.some((name) => name === lacked)) known.missing.add(lacked);
  else known.unfiltered = true;
  return true;
}

/** What a person would type: without the filter. */
export function urlOf(address: string, { scheme, port, path }: NodeExporterConfig): string {
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}${path}`;
}

function targetOf(
  address: string,
  config: NodeExporterConfig,
  collectors: readonly Collector[] | null,
): HttpTarget {
  const { scheme, port, path } = config;
  const query = (collectors ?? []).map((name) => `collect[]=${name}`).join('&');
  const joint = query === '' ? '' : path.includes('?') ? '&' : '?';
  const url = urlOf(address, config);
  return { secure: scheme === 'https', host: address, port, path: `${path}${joint}${query}`, url };
}

const families = [...always, ...seldom].flatMap((collector) => collectorFamilies[collector]).sort();

function understand(
  answer: Extract<HttpResult, { ok: true }>,
  url: string,
  known: Known,
  timeBase: TimeBase,
): Scraped {
  const page = readPage(answer.body, families);
  if (!page.ok) return { ok: false, failure: noPage(url, page.line) };
  const { series } = page;
  const clock = clockOf(series, answer, timeBase);
  const kernel = kernelOf(series);
  if (clock === null && kernel === null) return { ok: false, failure: noTime(url) };
  const host = hostOf(series);
  if (host !== null || known.hostReadAt === null) {
    known.host = host;
    known.hostReadAt = answer.received;
  }
  const at = answer.sent + (answer.received - answer.sent) / 2n;
  return { ok: true, at, facts: { ...noFacts, clock, kernel, host: known.host } };
}

function clockOf(
  series: Series,
  { sent, received }: Extract<HttpResult, { ok: true }>,
  timeBase: TimeBase,
): NodeFacts['clock'] {
  const nodeSeconds = singleValue(series, 'node_time_seconds');
  if (nodeSeconds === null) return null;
  const offset = clockOfExchange(nodeSeconds, {
    sent: timeBase.instantAt(sent),
    received: timeBase.instantAt(received),
    precisionSeconds: timeBase.precisionSeconds,
  });
  if (offset === null) return null;
  return { offset, delaySeconds: secondsOf(received - sent), stampedBy: 'process', samples: 1 };
}

function noPage(url: string, line: string | null): Failure {
  if (line !== null) {
    return failure(
      'malformed',
      text(`${url} has a line that is no metric: ${line}`, `${url} 中有一行不是指标：${line}`),
    );
  }
  return failure(
    'malformed',
    text(`${url} is no metrics page.`, `${url} 不是指标页面。`),
    text('Is it really node_exporter that listens there?', '在那里监听的确实是 node_exporter 吗？'),
  );
}

function noTime(url: string): Failure {
  return failure(
    'unsupported',
    text(
      `${url} shows neither node_time_seconds nor node_timex_*.`,
      `${url} 既没有 node_time_seconds，也没有 node_timex_*。`,
    ),
    text(
      'node_exporter needs its collectors `time` and `timex`: both are on unless it was started with --no-collector.time, --no-collector.timex or --collector.disable-defaults.',
      'node_exporter 需要 `time` 和 `timex` 采集器：除非以 --no-collector.time、--no-collector.timex 或 --collector.disable-defaults 启动，两者默认开启。',
    ),
  );
}
