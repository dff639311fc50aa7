import { createSocket } from 'node:dgram';
import { chronydQuery, ntpdate, ntpq, startChronyd, startNtpd, unpackDebian } from '../daemons/index.ts';
import { createNetwork, type Namespace } from '../namespace/index.ts';
import { run, runOrThrow } from '../process/index.ts';
import { startResponder } from '../responder/index.ts';
import { waitFor } from '../wait/index.ts';
import type { Collection } from './collection.ts';
import { record } from './recorder.ts';

const NTPSEC = 'ntpsec 1.2.2 (Debian 12)';
const CHRONY = 'chronyd 4.3 (Debian 12)';

async function addAddresses(inside: Namespace, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    await runOrThrow('ip', ['-netns', inside.name, 'address', 'add', `10.9.0.${number}/32`, 'dev', 'lo']);
  }
}

/** What ntpq prints of a client of good, lying, silent and local sources, and what `ntpdate -q` prints of servers. */
export async function captureNtpsec(collection: Collection): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const network = stack.use(await createNetwork(['servers', 'client']));
  const at = network.hosts.servers.namespace;
  const namespace = network.hosts.client.namespace;
  for (const number of [11, 12, 13, 14, 15]) {
    await runOrThrow('ip', ['-netns', at, 'address', 'add', `10.83.0.${number}/24`, 'dev', 'eth0']);
  }
  const serve = async (address: string, stratum: number, cmdPort: number) =>
    stack.use(
      await startChronyd({ namespace: at, address, cmdPort, config: [`local stratum ${stratum}`, 'allow'] }),
    );
  await serve('10.83.0.11', 2, 3231);
  await serve('10.83.0.12', 3, 3232);
  await serve('10.83.0.13', 3, 3233);
  const liar = { aheadSeconds: 5, stratum: 1 };
  stack.use(await startResponder({ namespace: at, address: '10.83.0.14', behaviour: liar }));
  const add: Add = (file, command, situation, content) =>
    collection.add(
      {
        file: `ntpsec-1.2.2/${file}`,
        program: command.split(' ')[0] ?? '',
        version: NTPSEC,
        command,
        situation,
      },
      content,
    );
  await captureNtpdate(add, namespace);
  const servers = [11, 12, 13, 14, 15].map((number) => `server 10.83.0.${number} iburst minpoll 0 maxpoll 3`);
  const config = [...servers, 'refclock local unit 0 stratum 12'];
  const ntpd = stack.use(await startNtpd({ namespace, config }));
  await waitFor(
    async () => {
      const { stdout } = await ntpq(['-pn', '127.0.0.1'], namespace);
      return /^\*.* 377 /m.test(stdout) && /^x/m.test(stdout) && stdout;
    },
    { what: 'a system peer and a falseticker', deadlineMs: 120_000, everyMs: 1_000, evidence: ntpd.log },
  );
  const situation =
    'follows one of three good servers; one is 5 s ahead, one never answers; the local clock is a last resort';
  for (const [file, args] of [
    ['ntpq-p.txt', ['-p']],
    ['ntpq-pn.txt', ['-pn']],
    ['ntpq-rv.txt', ['-c', 'rv']],
    ['ntpq-associations.txt', ['-c', 'associations']],
    ['ntpq-kerninfo.txt', ['-c', 'kerninfo']],
  ] as const) {
    const { stdout } = await ntpq([...args, '127.0.0.1'], namespace);
    add(file, `ntpq ${args.join(' ')} 127.0.0.1`, situation, stdout);
  }
}

type Add = (file: string, command: string, situation: string, content: string) => void;

async function captureNtpdate(add: Add, namespace: string): Promise<void> {
  for (const [name, address, situation] of [
    ['ntpdate-q.txt', '10.83.0.11', 'a good server'],
    ['ntpdate-q-ahead.txt', '10.83.0.14', 'a server 5 s ahead'],
    ['ntpdate-q-silent.txt', '10.83.0.15', 'a server that never answers'],
  ] as const) {
    const { stdout, stderr } = await ntpdate(address, namespace);
    add(name, `ntpdate -q ${address}`, situation, stdout + stderr);
  }
}

/** Requests and replies of NTP itself between real implementations. */
export async function captureNtpPackets(collection: Collection, inside: Namespace): Promise<void> {
  await addAddresses(inside, [11, 12, 13]);
  const namespace = inside.name;
  const add = (file: string, command: string, version: string, situation: string, exchanges: unknown) =>
    collection.add(
      { file: `ntp-packets/${file}`, program: command.split(' ')[0] ?? '', version, command, situation },
      `${JSON.stringify({ exchanges }, null, 1)}\n`,
    );
  {
    await using server = await startChronyd({
      namespace,
      address: '10.9.0.11',
      config: ['local stratum 2', 'allow'],
    });
    const recorder = await record(server);
    const source = `server 127.0.0.1 port ${recorder.port} iburst`;
    await chronydQuery(source, { namespace });
    add('chrony-chrony.json', `chronyd -Q '${source}'`, CHRONY, 'chronyd asks chronyd', recorder.exchanges());
    recorder.close();
    const standard = await record(server, { address: '10.9.0.12', port: 123 });
    await ntpdate('10.9.0.12', namespace);
    const words = 'ntpsec asks chronyd';
    add('ntpsec-chrony.json', 'ntpdate -q 10.9.0.12', NTPSEC, words, standard.exchanges());
    standard.close();
  }
  {
    await using server = await startChronyd({ namespace, address: '10.9.0.11', config: ['allow'] });
    const words = 'a chronyd that never synchronised: leap 3, stratum 0';
    add('unsynchronised-chrony.json', 'chronyd', CHRONY, words, await askEachVersion(server));
  }
  await using ntpd = await startNtpd({ namespace });
  const words = 'an ntpd that never synchronised: kiss code INIT, leap 3, stratum 0';
  add('unsynchronised-ntpsec.json', 'ntpd', NTPSEC, words, await askEachVersion(ntpd));
  const recorder = await record(ntpd);
  await chronydQuery(`server 127.0.0.1 port ${recorder.port} iburst`, { namespace, timeoutSeconds: 4 });
  add(
    'chrony-ntpsec.json',
    'chronyd -Q',
    CHRONY,
    'chronyd asks an unsynchronised ntpsec',
    recorder.exchanges(),
  );
  recorder.close();
}

/** Plain client requests of versions 1 to 4 with a transmit timestamp that is only a number. */
async function askEachVersion(server: { address: string; port: number }): Promise<unknown[]> {
  const socket = createSocket('udp4');
  const replies = new Map<number, string>();
  socket.on('message', (bytes) => replies.set(bytes.readUInt32BE(28), bytes.toString('hex')));
  const exchanges = [];
  for (const version of [1, 2, 3, 4]) {
    const request = Buffer.alloc(48);
    request[0] = (version << 3) | 3;
    request.writeUInt32BE(0x0102_0304, 40);
    request.writeUInt32BE(version, 44);
    socket.send(request, server.port, server.address);
    await waitFor(() => replies.has(version), { deadlineMs: 1_000 }).catch(() => undefined);
    exchanges.push({ request: request.toString('hex'), reply: replies.get(version) ?? null });
  }
  socket.close();
  return exchanges;
}

/** The kernel's clock state as the two usual tools print it. Reading only. */
export async function captureAdjtimex(collection: Collection): Promise<void> {
  const { env, path } = await unpackDebian(['adjtimex', 'ntpsec']);
  const situation = "the capturing machine's kernel";
  const print = await run(path('sbin/adjtimex'), ['--print'], { env });
  collection.add(
    {
      file: 'adjtimex/adjtimex-print.txt',
      program: 'adjtimex',
      version: 'adjtimex 1.29',
      command: 'adjtimex --print',
      situation,
    },
    print.stdout,
  );
  const ntptime = await run(path('usr/sbin/ntptime'), [], { env });
  collection.add(
    { file: 'adjtimex/ntptime.txt', program: 'ntptime', version: NTPSEC, command: 'ntptime', situation },
    ntptime.stdout,
  );
}
