import { once } from 'node:events';
import { type Chronyd, chronyc, startChronyd } from '../daemons/index.ts';
import type { Namespace } from '../namespace/index.ts';
import { launch, run, runOrThrow } from '../process/index.ts';
import { type Behaviour, startResponder } from '../responder/index.ts';
import { waitFor } from '../wait/index.ts';
import type { Collection } from './collection.ts';
import { record } from './recorder.ts';

const DIRECTORY = 'chrony-4.3';
const REPORTS = ['tracking', 'sources', 'sourcestats', 'activity', 'ntpdata', 'selectdata', 'serverstats'];
/** What chronyc may ask over UDP: 33; 14, 15 and 65; 14, 34 and 65; 44; 51 and 54 are refused or ignored. */
const OVER_UDP = ['tracking', 'sources', 'sourcestats', 'activity'];

interface Situation {
  readonly name: string;
  readonly words: string;
  readonly config: readonly string[];
  /** Whether its state is the one to be captured. */
  readonly settled: (daemon: Chronyd) => Promise<boolean>;
  readonly before?: (daemon: Chronyd) => Promise<void>;
}

const FAST = 'iburst minpoll -2 maxpoll -1';

async function rows(daemon: Chronyd, report: string): Promise<string[][]> {
  const { stdout } = await chronyc(['-c', report], daemon);
  return stdout.split('\n').map((line) => line.split(','));
}

async function states(daemon: Chronyd): Promise<string> {
  return (await rows(daemon, 'sources')).map((row) => row[1] ?? '').join('');
}

async function systemOffset(daemon: Chronyd): Promise<number> {
  return Number((await rows(daemon, 'tracking'))[0]?.[4]);
}

function situations(): Situation[] {
  return [
    {
      name: 'mixed',
      words:
        'follows one of three good servers (two IPv4, one of them named, one IPv6) and a reference clock; a server 5 s ahead is a falseticker, one never answers, one is offline, one does not resolve, one is a peer',
      config: [
        `server 10.9.0.11 ${FAST}`,
        `server localhost ${FAST}`,
        `server fd09::13 ${FAST}`,
        `server 10.9.0.14 ${FAST}`,
        `server 10.9.0.15 ${FAST}`,
        'server 10.9.0.16 offline',
        'server ntp.invalid iburst',
        'peer 10.9.0.12 minpoll 0 maxpoll 0',
        'refclock SOCK /run/clockwarden-capture.sock refid FAKE poll -1 delay 0.001',
        'minsources 2',
      ],
      before: feedReferenceClock,
      settled: async (daemon) => {
        const sources = await rows(daemon, 'sources');
        const marks = sources.map((row) => row[1]);
        const steady = sources.filter((row) => row[5] === '377').length >= 5;
        return steady && ['*', '+', 'x', '?'].every((mark) => marks.includes(mark));
      },
    },
    {
      name: 'never-synchronised',
      words: 'its two servers never answered',
      config: [`server 10.9.0.15 ${FAST}`, 'server 10.9.0.16 iburst'],
      settled: async (daemon) => (await states(daemon)).includes('??'),
    },
    {
      name: 'no-sources',
      words: 'has no source and no local reference',
      config: [],
      settled: async () => true,
    },
    {
      name: 'local',
      words: 'an island: local stratum 10, no source',
      config: ['local stratum 10 orphan', 'allow'],
      settled: async (daemon) => (await rows(daemon, 'tracking'))[0]?.[2] === '10',
    },
    {
      name: 'no-majority',
      words: 'two servers 5 s apart: both are falsetickers',
      config: [`server 10.9.0.11 ${FAST}`, `server 10.9.0.14 ${FAST}`],
      settled: async (daemon) => /^x+$/.test(await states(daemon)),
    },
    {
      name: 'far-and-variable',
      words:
        'follows one server; another is too far away to be combined, a third too variable (maxjitter 1 ms)',
      config: [
        'maxjitter 0.001',
        `server 10.9.0.11 ${FAST}`,
        `server 10.9.0.19 ${FAST}`,
        `server 10.9.0.20 ${FAST}`,
      ],
      settled: async (daemon) => /^\*-~$/.test(await states(daemon)),
    },
    {
      name: 'ahead',
      words: 'its clock is ahead of its server and is being slewed back',
      config: [`server 10.9.0.18 ${FAST}`],
      settled: async (daemon) => Math.abs(await systemOffset(daemon)) > 0.001,
    },
    {
      name: 'behind',
      words: 'its clock is behind its server and is being slewed forward',
      config: [`server 10.9.0.17 ${FAST}`],
      settled: async (daemon) => Math.abs(await systemOffset(daemon)) > 0.001,
    },
  ];
}

/** Gives the SOCK reference clock a sample every 200 ms (`struct sock_sample` of chrony's refclock_sock.c, 40 bytes). */
async function feedReferenceClock(daemon: Chronyd): Promise<void> {
  const feed = [
    'import socket,struct,time',
    's=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)',
    'while 1:',
    ' t=time.time_ns()',
    ' try: s.sendto(struct.pack("@qqdiiii",t//10**9,t%10**9//1000,25e-6,0,0,0,0x534f434b),"/run/clockwarden-capture.sock")',
    ' except OSError: pass',
    ' time.sleep(0.2)',
  ].join('\n');
  const feeder = launch('python3', ['-c', feed]);
  const follow = async (): Promise<void> => {
    while (!feeder.ended() && (await run('kill', ['-0', String(daemon.pid)])).code === 0) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await feeder.stop();
  };
  void follow();
  await once(feeder.child, 'spawn');
}

/** Every report of a real chronyd 4.3 in several situations: as text, as -c, and as packets. */
export async function captureChrony(collection: Collection, inside: Namespace): Promise<void> {
  for (const number of [11, 12, 14, 15, 16, 17, 18, 19, 20]) {
    await runOrThrow('ip', ['-netns', inside.name, 'address', 'add', `10.9.0.${number}/32`, 'dev', 'lo']);
  }
  const six = ['-6', '-netns', inside.name, 'address', 'add', 'fd09::13/128', 'dev', 'lo', 'nodad'];
  await runOrThrow('ip', six);
  await using honest = await startServers(inside);
  const version = 'chronyd 4.3 (Debian 12)';
  for (const situation of situations()) {
    await using daemon = await startChronyd({
      namespace: inside.name,
      address: '127.0.0.2',
      config: situation.config,
    });
    await situation.before?.(daemon);
    await waitFor(() => situation.settled(daemon), {
      what: situation.name,
      deadlineMs: 60_000,
      everyMs: 200,
      evidence: daemon.log,
    });
    await captureReports(collection, daemon, situation, version);
    await capturePackets(collection, daemon, situation, version);
  }
  void honest;
}

async function startServers(inside: Namespace): Promise<AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  const namespace = inside.name;
  const server = (address: string, config: string[], cmdPort: number) =>
    startChronyd({ namespace, address, config: ['allow', ...config], cmdPort }).then((one) => stack.use(one));
  await server('10.9.0.11', ['local stratum 2'], 3231);
  await server('10.9.0.12', ['local stratum 3'], 3232);
  await server('127.0.0.1', ['local stratum 3'], 3233);
  await server('fd09::13', ['local stratum 2'], 3234);
  const lie = async (address: string, behaviour: Behaviour | Behaviour[]) =>
    stack.use(await startResponder({ namespace, address, behaviour }));
  await lie('10.9.0.14', { aheadSeconds: 5, stratum: 1 });
  await lie('10.9.0.17', { aheadSeconds: 0.25 });
  await lie('10.9.0.18', { aheadSeconds: -0.25 });
  await lie('10.9.0.19', { stratum: 4, rootDispersionSeconds: 0.2 });
  const unsteady = Array.from({ length: 1000 }, (_, index) => ({
    aheadSeconds: ((index * 7) % 11) / 100 - 0.05,
  }));
  await lie('10.9.0.20', unsteady);
  return stack;
}

async function captureReports(
  collection: Collection,
  daemon: Chronyd,
  { name, words }: Situation,
  version: string,
): Promise<void> {
  for (const report of REPORTS) {
    const verbose = report.startsWith('source') ? ['-v'] : [];
    const commands = [
      [report],
      ['-c', report],
      ['-N', report],
      ...(verbose.length > 0 ? [[report, '-v']] : []),
    ];
    for (const command of commands) {
      const { stdout } = await chronyc(command, daemon);
      const file = `${DIRECTORY}/${name}/${report}${command.filter((word) => word !== report).join('')}.txt`;
      const shown = `chronyc ${command.includes('-N') ? '' : '-n '}${command.join(' ')}`;
      collection.add({ file, program: 'chronyc', version, command: shown, situation: words }, stdout);
    }
  }
}

async function capturePackets(
  collection: Collection,
  daemon: Chronyd,
  { name, words }: Situation,
  version: string,
): Promise<void> {
  const recorder = await record({ address: daemon.address, port: daemon.cmdPort });
  try {
    for (const report of OVER_UDP) {
      const { length } = recorder.exchanges();
      const via = { address: '127.0.0.1', cmdPort: recorder.port, namespace: undefined };
      const shown = await chronyc(['-N', report], via);
      const exchanges = recorder.exchanges().slice(length);
      const content = { report: shown.stdout, exchanges };
      const file = `${DIRECTORY}/${name}/${report}.packets.json`;
      const command = `chronyc -h 127.0.0.1 -N ${report}`;
      const entry = { file, program: 'chronyc', version, command, situation: `${words}; over UDP` };
      collection.add(entry, `${JSON.stringify(content, null, 1)}\n`);
    }
    const refused = await chronyc(['-N', 'serverstats'], {
      address: '127.0.0.1',
      cmdPort: recorder.port,
      namespace: undefined,
    });
    const content = { report: refused.stdout + refused.stderr, exchanges: recorder.exchanges().slice(-1) };
    collection.add(
      {
        file: `${DIRECTORY}/${name}/serverstats.packets.json`,
        program: 'chronyc',
        version,
        command: 'chronyc -h 127.0.0.1 -N serverstats',
        situation: `${words}; over UDP`,
      },
      `${JSON.stringify(content, null, 1)}\n`,
    );
  } finally {
    recorder.close();
  }
}
