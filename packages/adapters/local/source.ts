import { join } from 'node:path';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { kernelStateOf } from '@clockwarden/core/kernel';
import {
  askChronyVersion,
  daemonsOf,
  daemonUnits,
  hostOf,
  outputOf,
  parseUnits,
  type Report,
  type Section,
  syncFacts,
  timezoneOf,
  unitProperties,
} from '@clockwarden/core/node-report';
import {
  type ClockMeasurement,
  failure,
  type KernelState,
  type NodeFacts,
  noFacts,
  type Reading,
} from '@clockwarden/core/observe';
import { defaultSources, type SourcesConfig } from '@clockwarden/core/policy';
import type { Source, SourceContext, TimeBase } from '@clockwarden/core/ports';
import { text } from '@clockwarden/core/text';
import { secondsOf } from '@clockwarden/core/time';
import { runProgram } from '../child-process/index.ts';
import { createChronySource } from '../chrony/index.ts';
import { readStepClock, readTimex } from '../kernel/index.ts';
import { machineClocks } from '../time-base/index.ts';
import { configFilesOf, exists, lineOf, localtimeOf, processesOf, textOf } from './machine.ts';

type LocalConfig = NonNullable<SourcesConfig['local']>;

const chronyVersionCommand = askChronyVersion.join(' ');

/** chronyd answers on the same machine within microseconds; one that does not has its command port closed. */
const CHRONY_TIMEOUT_SECONDS = 1;

/**
 * This machine. Each node it is asked about is taken to be this one: who asks has chosen.
 * @param root where this machine's files are; with another than `/` no program is asked, since it would speak of `/`
 */
export function createLocalSource(config: LocalConfig, root = '/'): Source {
  const chrony = createChronySource({
    ...defaultSources.chrony,
    timeoutSeconds: Math.min(CHRONY_TIMEOUT_SECONDS, config.timeoutSeconds),
  });
  const closing = new AbortController();
  const machine: Machine = {
    root,
    timeoutMs: config.timeoutSeconds * 1000,
    chrony,
    clocks: machineClocks(),
  };
  return {
    kind: 'local',
    async collect(nodes, context, emit) {
      const signal = AbortSignal.any([context.signal, closing.signal]);
      const { monotonic } = context.timeBase;
      const started = monotonic();
      const result = await read(machine, { ...context, signal });
      if (signal.aborted) return;
      for (const node of nodes) {
        const tookSeconds = secondsOf(monotonic() - started);
        emit(node, { source: 'local', target: 'this machine', ...result, tookSeconds });
      }
    },
    async close() {
      closing.abort();
      await chrony.close();
    },
  };
}

interface Machine {
  readonly root: string;
  readonly timeoutMs: number;
  readonly chrony: Source;
  readonly clocks: ReturnType<typeof machineClocks>;
}

async function read(machine: Machine, context: SourceContext): Promise<Pick<Reading, 'at' | 'result'>> {
  const { root } = machine;
  if (process.platform !== 'linux') {
    const why = text(
      `The source local reads Linux; this is ${process.platform}.`,
      `local 来源只支持 Linux，本机是 ${process.platform}。`,
    );
    return { at: context.timeBase.monotonic(), result: { ok: false, failure: failure('unsupported', why) } };
  }
  const [processes, bootId, clocksource, configFiles] = await Promise.all([
    processesOf(root),
    lineOf(root, '/proc/sys/kernel/random/boot_id'),
    lineOf(root, '/sys/devices/system/clocksource/clocksource0/current_clocksource'),
    configFilesOf(root),
  ]);
  const runs = (name: string): boolean => processes?.some((process) => process.name === name) ?? false;
  const [answers, fromChrony] = await Promise.all([
    root === '/' ? askPrograms(machine, context.signal, runs('systemd-timesyn')) : new Map<string, Section>(),
    root === '/' && runs('chronyd') ? askChrony(machine.chrony, context) : noFacts,
  ]);
  const units = outputOf(answers, 'systemctl show');
  const said = syncFacts(answers);
  // Last, so that everything else has had its time and the clock is as fresh as the reading.
  const { clock, at } = readClock(context.timeBase, machine.clocks);
  const facts: NodeFacts = {
    clock,
    kernel: kernelOf(clocksource),
    ...said,
    sync: fromChrony.sync ?? said.sync,
    chrony: fromChrony.chrony ?? said.chrony,
    daemons: daemonsOf(processes, units === null ? null : parseUnits(units)),
    timezone: timezoneOf({
      ...(await localtimeOf(root)),
      timezoneFile: await lineOf(root, '/etc/timezone'),
      dateOffset: outputOf(answers, 'date +%z'),
    }),
    stepClock: bootId === null ? null : readStepClock(bootId),
    host: hostOf({
      osRelease: (await textOf(root, '/etc/os-release')) ?? (await textOf(root, '/usr/lib/os-release')),
      kernel: await lineOf(root, '/proc/sys/kernel/osrelease'),
      uptime: await lineOf(root, '/proc/uptime'),
      nodeTimeSeconds: secondsOf(machine.clocks.realtime()),
      chronyVersion: outputOf(answers, chronyVersionCommand),
    }),
    configFiles,
    raw: rawOf(answers),
  };
  return { at, result: { ok: true, facts } };
}

function kernelOf(clocksource: string | null): KernelState | null {
  const timex = readTimex();
  return timex === null ? null : kernelStateOf(timex, clocksource);
}

/** How far REALTIME has moved from the time base since that was anchored on it: slewing and steps show alike. */
function readClock(
  timeBase: TimeBase,
  { realtime, realtimeStep }: Machine['clocks'],
): { clock: ClockMeasurement; at: bigint } {
  let best = { before: 0n, shown: 0n, after: 1n << 62n };
  for (let count = 0; count < 8; count++) {
    const before = timeBase.monotonic();
    const shown = realtime();
    const after = timeBase.monotonic();
    if (after - before < best.after - best.before) best = { before, shown, after };
  }
  const low = secondsOf(best.shown - timeBase.instantAt(best.after)) - timeBase.precisionSeconds;
  const high =
    secondsOf(best.shown + realtimeStep - timeBase.instantAt(best.before)) + timeBase.precisionSeconds;
  const offset = { seconds: (low + high) / 2, low, high };
  return {
    clock: { offset, delaySeconds: null, stampedBy: 'same-clock', samples: 1 },
    at: (best.before + best.after) / 2n,
  };
}

/** Programs that speak of this machine, all at once; one that is missing or fails is left out. */
async function askPrograms(
  { root, timeoutMs }: Machine,
  signal: AbortSignal,
  timesyncdRuns: boolean,
): Promise<Report> {
  const [chronyc, ...version] = askChronyVersion;
  const questions: [string, string, readonly string[]][] = [
    ['date +%z', 'date', ['+%z']],
    [chronyVersionCommand, chronyc, version],
  ];
  if (await exists(join(root, '/run/systemd/system'))) {
    const properties = unitProperties.flatMap((name) => ['-p', name]);
    questions.push(['systemctl show', 'systemctl', ['show', ...properties, ...daemonUnits]]);
    questions.push(['timedatectl', 'timedatectl', []]);
    // Only where it runs: asking would start it.
    for (const verb of timesyncdRuns ? ['show-timesync', 'timesync-status'] : []) {
      questions.push([`timedatectl ${verb}`, 'timedatectl', [verb]]);
    }
  }
  const env = { ...process.env, LC_ALL: 'C', LANGUAGE: 'C', TZ: undefined };
  const answers = await Promise.all(
    questions.map(async ([name, file, args]): Promise<[string, Section][]> => {
      const end = await runProgram(file, args, { timeoutMs, signal, env });
      return end.kind === 'exited' ? [[name, { output: end.stdout, status: end.code }]] : [];
    }),
  );
  return new Map(answers.flat());
}

function rawOf(answers: Report): Readonly<Record<string, string>> {
  const shown = [...answers].filter(([name]) => name.startsWith('timedatectl'));
  return Object.fromEntries(shown.map(([name, { output }]) => [name, output]));
}

/** chronyd by its command port, which listens on loopback unless it was told otherwise. */
async function askChrony(
  chrony: Source,
  context: SourceContext,
): Promise<Pick<NodeFacts, 'chrony' | 'sync'>> {
  for (const address of ['127.0.0.1', '::1']) {
    const node: NodeSpec = { name: address, address, roles: [], ssh: {}, origin: 'this machine' };
    let facts: NodeFacts | null = null;
    await chrony.collect([node], context, (_, reading) => {
      if (reading.result.ok) facts = reading.result.facts;
    });
    if (facts !== null) return facts;
  }
  return noFacts;
}
