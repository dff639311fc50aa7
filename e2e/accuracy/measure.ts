import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flavours } from '@clockwarden/lab/flavours';
import { eventually, TestLab } from '@clockwarden/lab/testing';
import { unpackDebian } from '@clockwarden/testkit/daemons';
import {
  type CheckReport,
  type Interval,
  judgeReadings,
  judgeVerdicts,
  type Reading,
  type Verdict,
} from './judge.ts';

const clockwarden = join(import.meta.dirname, '../../packages/cli/main.ts');

/** An error that a clock is given: as a person writes it, and in seconds. */
export interface ClockError {
  readonly text: string;
  readonly seconds: string;
}

/** From what only a good bound can tell apart to what breaks arithmetic, both signs of each. */
export const clockErrors: readonly ClockError[] = [
  ['1 ms', '0.001'],
  ['20 ms', '0.02'],
  ['100 ms', '0.1'],
  ['1 s', '1'],
  ['31 s', '31'],
  ['121 s', '121'],
  ['1 h', '3600'],
  ['3 d', '259200'],
  ['1 y', '31557600'],
  ['40 y', '1262304000'],
].flatMap(([text = '', seconds = '']) => [
  { text: `+${text}`, seconds },
  { text: `−${text}`, seconds: `-${seconds}` },
]);

/** One node with one error, and everything that was said about it. */
export interface Finding {
  readonly flavour: string;
  readonly error: ClockError;
  readonly readings: readonly Reading[];
  readonly verdict: Verdict;
}

export interface Round {
  readonly findings: readonly Finding[];
  /** The nodes whose clocks were left alone are judged, too. */
  readonly others: { readonly readings: readonly Reading[]; readonly verdicts: readonly Verdict[] };
}

/** Nodes that are wrong at once: the median must stay with the others. */
const wrongAtOnce = 3;

/** A lab with one node of each flavour that keeps whatever time it is given: no daemon reaches a server. */
export class AccuracyLab {
  readonly lab = new TestLab('accuracy');
  #prometheus: ChildProcess | undefined;

  get configFile(): string {
    return join(this.lab.directory, 'clockwarden.yaml');
  }

  /** Without Prometheus, which goes on showing a clock as it was before it was set until it scrapes again. */
  get liveConfigFile(): string {
    return join(this.lab.directory, 'live.yaml');
  }

  async start(): Promise<void> {
    const nodes = String(flavours.length);
    await this.lab.must('up', '--nodes', nodes, '--image', 'mixed', '--sources', 'debian', '--exporter');
    for (const [at, flavour] of flavours.entries()) {
      const script = openUp[flavour.name];
      if (script === undefined) continue;
      const outcome = await this.lab.on(`node${at + 1}`, `set -e\n${script}`);
      if (outcome.code !== 0) throw new Error(`${flavour.name}: ${outcome.stderr}`);
    }
    await writeFile(this.liveConfigFile, this.#config());
    await writeFile(
      this.configFile,
      `${this.#config()}  prometheus: { url: 'http://127.0.0.1:9090', timeout: 20s }\n`,
    );
    await this.#startPrometheus();
    await this.#scraped();
  }

  /** A real Prometheus beside the nodes; it lives in the lab's network and on this machine's clock. */
  async #startPrometheus(): Promise<void> {
    const { path, env } = await unpackDebian(['prometheus']);
    const directory = join(this.lab.directory, 'prometheus');
    await mkdir(directory);
    const targets = flavours.map((_, at) => ({
      targets: [`10.99.0.${11 + at}:9100`],
      labels: { node: `node${at + 1}` },
    }));
    const job = { job_name: 'node', scrape_interval: '5s', scrape_timeout: '5s', static_configs: targets };
    // JSON is YAML.
    await writeFile(join(directory, 'prometheus.yml'), JSON.stringify({ scrape_configs: [job] }));
    this.#prometheus = this.lab.start([
      'env',
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      path('usr/bin/prometheus'),
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      '--web.listen-address=127.0.0.1:9090',
    ]);
  }

  /** Every node was scraped since now: what Prometheus has of a clock from before it was set says nothing of it today. */
  async #scraped(): Promise<void> {
    const asked = Date.now() / 1_000;
    const query = encodeURIComponent(`count(timestamp(node_time_seconds) > ${asked})`);
    const script = `const reply = await fetch('http://127.0.0.1:9090/api/v1/query?query=${query}');
      process.stdout.write((await reply.json()).data.result[0]?.value[1] ?? '0');`;
    const command = [process.execPath, '--input-type=module', '-e', script];
    await eventually(
      async () => (await this.lab.inside(command, 30_000)).stdout === String(flavours.length),
      'Prometheus has scraped every node',
      120_000,
    );
  }

  #config(): string {
    const { directory } = this.lab;
    return `name: accuracy
history: { path: ':memory:' }
inventory: ${join(directory, 'hosts')}
sources:
  ssh: { configFile: ${join(directory, 'ssh_config')}, timeout: 90s, interval: 20s }
  ntp: { timeout: 20s, interval: 5s }
  node-exporter: { timeout: 60s, interval: 10s }
  chrony: { timeout: 20s }
`;
  }

  /** The truth about every node, as the lab knows it right now. */
  async truth(): Promise<Map<string, Interval>> {
    const known = new Map<string, Interval>();
    for (const [node, truth] of Object.entries(await this.lab.truth())) {
      if (!truth) throw new Error(`${node} does not answer`);
      known.set(node, {
        low: truth.offsetSeconds - truth.boundSeconds,
        high: truth.offsetSeconds + truth.boundSeconds,
      });
    }
    return known;
  }

  async check(): Promise<CheckReport> {
    const command = [process.execPath, clockwarden, 'check', '--json', '-c', this.configFile];
    const outcome = await this.lab.inside(command, 180_000);
    try {
      return JSON.parse(outcome.stdout) as CheckReport;
    } catch {
      throw new Error(`check printed no JSON (code ${outcome.code}): ${outcome.stderr}`);
    }
  }

  async step(node: string, seconds: string): Promise<void> {
    const outcome = await this.lab.on(node, `/usr/lib/lab/step-clock ${seconds}`);
    if (outcome.code !== 0) throw new Error(`${node}: ${outcome.stderr}`);
  }

  /** What `ask` reports, judged by the truth before and after it: clocks drift apart while one is asked. */
  async judged(
    ask: () => Promise<CheckReport>,
  ): Promise<{ readonly readings: readonly Reading[]; readonly verdicts: readonly Verdict[] }> {
    const before = await this.truth();
    const report = await ask();
    const truth = hull(before, await this.truth());
    return {
      readings: judgeReadings(report, truth),
      verdicts: judgeVerdicts(report, truth),
    };
  }

  /** Every error on every flavour, three nodes at a time. */
  async *rounds(errors: readonly ClockError[]): AsyncGenerator<Round> {
    for (const wrong of schedule(flavours.length, errors.length)) {
      const placed = wrong.flatMap(({ node, error }) => {
        const flavour = flavours[node];
        const given = errors[error];
        return flavour && given ? [{ name: `node${node + 1}`, flavour: flavour.name, error: given }] : [];
      });
      await Promise.all(placed.map(({ name, error }) => this.step(name, error.seconds)));
      await this.#scraped();
      const { readings, verdicts } = await this.judged(() => this.check());
      await Promise.all(placed.map(({ name, error }) => this.step(name, opposite(error.seconds))));
      yield {
        findings: placed.flatMap(({ name, flavour, error }) => {
          const verdict = verdicts.find((one) => one.node === name);
          const own = readings.filter((one) => one.node === name);
          return verdict ? [{ flavour, error, readings: own, verdict }] : [];
        }),
        others: {
          readings: readings.filter((one) => !placed.some(({ name }) => name === one.node)),
          verdicts: verdicts.filter((one) => !placed.some(({ name }) => name === one.node)),
        },
      };
    }
  }

  remove(): Promise<void> {
    this.#prometheus?.kill();
    return this.lab.remove();
  }
}

const opposite = (seconds: string): string => (seconds.startsWith('-') ? seconds.slice(1) : `-${seconds}`);

/** What makes a node of a flavour answer NTP, chrony's commands, and a scrape. Steps of the test must not be corrected. */
const chronyAnswers = 'allow 10.99.0.0/24\\nbindcmdaddress 0.0.0.0\\ncmdallow 10.99.0.0/24\\n';
const openUp: Readonly<Record<string, string>> = {
  chrony: `printf '${chronyAnswers}' >/etc/chrony/conf.d/answer.conf; systemctl restart chrony`,
  'chrony-ntpdate': `printf '${chronyAnswers}' >/etc/chrony/conf.d/answer.conf; systemctl restart chrony`,
  openntpd: "printf 'listen on *\\n' >>/etc/openntpd/ntpd.conf; systemctl restart openntpd",
  'el-like': `printf '${chronyAnswers}' >>/etc/chrony.conf; systemctl restart chronyd
firewall-cmd --quiet --add-service=ntp; firewall-cmd --quiet --add-port=323/udp; firewall-cmd --quiet --add-port=9100/tcp`,
};

/** Each pair of a node and an error once; no node twice in a round. */
export function schedule(nodes: number, errors: number): { node: number; error: number }[][] {
  const rounds: { node: number; error: number }[][] = [];
  for (let shift = 0; shift < errors; shift++) {
    // Along a diagonal, so that the nodes of a round have different errors, of both signs.
    const diagonal = Array.from({ length: nodes }, (_, node) => ({ node, error: (node + shift) % errors }));
    for (let at = 0; at < nodes; at += wrongAtOnce) rounds.push(diagonal.slice(at, at + wrongAtOnce));
  }
  return rounds;
}

function hull(a: ReadonlyMap<string, Interval>, b: ReadonlyMap<string, Interval>): Map<string, Interval> {
  return new Map(
    [...a].map(([node, one]) => {
      const other = b.get(node) ?? one;
      return [node, { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) }];
    }),
  );
}
