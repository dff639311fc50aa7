/**
 * Each firewall really filters here: a machine of files in a network of its own, with two NTP servers on it, asked from a
 * network that is to be let in and from one that is not.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { configureFactsOf } from '@clockwarden/core/configure';
import { parseReport } from '@clockwarden/core/node-report';
import { type Chronyd, startChronyd } from '@clockwarden/testkit/daemons';
import { type Machine, startMachine } from '@clockwarden/testkit/machine';
import { createNetwork, enterNamespace, type Network } from '@clockwarden/testkit/namespace';
import { runOrThrow } from '@clockwarden/testkit/process';
import { waitFor } from '@clockwarden/testkit/wait';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { factsScript } from '../facts-script.ts';
import { firewallFunctions } from './firewall.ts';
import { words } from './words.ts';

/** Four firewalls on a busy machine of two cores; firewalld alone is a dozen starts of Python. */
vi.setConfig({ testTimeout: 300_000 });

const networks = ['10.83.0.0/24', 'fd83::/64'];
const invited = ['client over 4', 'client over 6'];
const packages = [
  'nftables',
  'iptables',
  'ufw',
  'firewalld',
  'gir1.2-glib-2.0',
  'netfilter-persistent',
  'iptables-persistent',
  'busybox-static',
];

type Backend = 'firewalld' | 'ufw' | 'nftables' | 'iptables';

let network: Network<'server' | 'client' | 'stranger'>;
let machine: Machine;
const servers: Chronyd[] = [];
/** Who asks: where from, and whom. */
const askers = new Map<string, { readonly namespace: string; readonly server: string }>();

beforeAll(async () => {
  network = await createNetwork(['server', 'client', 'stranger']);
  const { server, client, stranger } = network.hosts;
  // The stranger lives in another network, which the server can answer.
  await ip(
    stranger.namespace,
    'address flush dev eth0 scope global',
    'address add 10.84.0.3/24 dev eth0',
    '-6 address add fd84::3/64 dev eth0 nodad',
    'route add 10.83.0.0/24 dev eth0',
    '-6 route add fd83::/64 dev eth0',
  );
  await ip(server.namespace, 'route add 10.84.0.0/24 dev eth0', '-6 route add fd84::/64 dev eth0');
  for (const [index, address] of [server.address, server.address6].entries()) {
    const config = ['local stratum 2', 'allow'];
    servers.push(await startChronyd({ namespace: server.namespace, address, cmdPort: 3230 + index, config }));
  }
  for (const [name, host] of [
    ['client', client],
    ['stranger', stranger],
  ] as const) {
    askers.set(`${name} over 4`, { namespace: host.namespace, server: server.address });
    askers.set(`${name} over 6`, { namespace: host.namespace, server: server.address6 });
  }
  machine = await startMachine({ packages, namespace: server.namespace });
  await must(`
    for tool in iptables ip6tables; do for end in '' -save -restore; do ln -s $tool-nft$end /usr/sbin/$tool$end; done; done
    cp -n /usr/share/ufw/*.rules /usr/share/ufw/ufw.conf /usr/share/ufw/*.init /etc/ufw/
    chmod 640 /etc/ufw/*.rules
    mkdir -p /etc/iptables
    # Slow to ask, and no matter here.
    rm /usr/bin/apt-cache /usr/bin/dpkg-query`);
});
afterAll(async () => {
  await machine?.stop();
  for (const server of servers) await server.stop();
  await network?.remove();
});

async function ip(namespace: string, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) await runOrThrow('ip', ['-netns', namespace, ...line.split(' ')]);
}

let nextPort = 20_000;

/**
 * A socket there, from a port that none had before: the kernel goes on letting in a conversation that it has let in once, for two
 * minutes, and of its own choice a port comes again.
 */
async function socketIn(namespace: string, type: 'udp4' | 'udp6'): Promise<Socket> {
  const leave = enterNamespace(namespace);
  try {
    const socket = createSocket(type);
    socket.bind({ port: nextPort, address: type === 'udp4' ? '0.0.0.0' : '::' });
    nextPort += 1;
    await once(socket, 'listening');
    return socket;
  } finally {
    leave();
  }
}

async function must(script: string, ...args: readonly string[]): Promise<string> {
  const result = await machine.sh(`set -e\n${script}`, ...args);
  expect(result.code, `${script}\n${result.stdout}${result.stderr}`).toBe(0);
  return result.stdout;
}

/** Everybody asks until those have an answer who should; then twice more, and nobody else may have one. */
async function served(expected: readonly string[]): Promise<readonly string[]> {
  const answered = new Set<string>();
  const sockets: { readonly socket: Socket; readonly server: string }[] = [];
  for (const [name, { namespace, server }] of askers) {
    const socket = await socketIn(namespace, server.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', () => answered.add(name));
    sockets.push({ socket, server });
  }
  const request = Buffer.alloc(48);
  request[0] = 0x23;
  const ask = async (): Promise<void> => {
    for (const { socket, server } of sockets) socket.send(request, 123, server);
    await sleep(150);
  };
  try {
    await waitFor(
      async () => {
        await ask();
        return expected.every((name) => answered.has(name));
      },
      { what: `${expected.join(', ')} to be served`, evidence: () => [...answered].join(', ') },
    );
    await ask();
    return [...answered].sort();
  } finally {
    for (const { socket } of sockets) socket.close();
  }
}

const agent = `set -f\nLC_ALL=C\nexport LC_ALL\n${words}${firewallFunctions}\n"$@"`;
const word = (value: string): string => Buffer.from(value).toString('base64') || '-';

const act = (verb: 'open' | 'close', backend: string, ...nets: readonly string[]) =>
  machine.sh(agent, `do_${verb}_firewall`, ...[backend, ...nets].map(word));

async function done(verb: 'open' | 'close', backend: Backend, ...nets: readonly string[]): Promise<void> {
  expect(await act(verb, backend, ...nets)).toEqual({ code: 0, stdout: '', stderr: '' });
}

async function firewallFacts() {
  const mark = '=firewall';
  const { stdout } = await machine.sh(`printf '%s root\\n' "$1" | sh -c "$2"`, mark, factsScript);
  const facts = configureFactsOf(parseReport(stdout, mark));
  if (facts === null) throw new Error(`no facts:\n${stdout}`);
  return facts.firewall;
}

/** Files of all firewalls with their bytes, owners and modes, and what is enabled. */
const files = (): Promise<string> =>
  must(`
    set -- /etc/ufw /etc/firewalld /etc/iptables /etc/nftables.conf /etc/systemd/system /var/lib/clockwarden
    find "$@" -printf '%p %y %m %u:%g %l\\n' | sort
    find "$@" -type f -exec sha256sum '{}' + | sort -k 2`);

/** Rules without counters. */
const rules = (): Promise<string> =>
  must(
    'nft -s list ruleset 2>/dev/null; iptables-legacy-save | grep -v "^[#:]" || :; ls /proc/net/ip_tables_names',
  );

const flush = `nft flush ruleset
for tool in iptables-legacy ip6tables-legacy; do $tool -P INPUT ACCEPT; $tool -F; $tool -X; done`;

/** What systemd would do at boot with our own unit, if there is one. */
const bootUnit = `unit=/etc/systemd/system/clockwarden-firewall.service
[ ! -e $unit ] || [ ! -e /etc/systemd/system/multi-user.target.wants/clockwarden-firewall.service ] ||
  sed -n 's/^ExecStart=-//p' $unit | while read -r line; do eval "$line"; done`;

interface Setting {
  readonly backend: Backend;
  readonly keeper: string | null;
  readonly setUp: string;
  readonly boot: string;
  /** Whom it lets in already. */
  readonly others?: readonly string[];
}

/** The whole life of a rule, from a node that refuses everybody to one that refuses everybody. */
async function live({ backend, keeper, setUp, boot, others = [] }: Setting): Promise<void> {
  await must(`${setUp}\n${boot}`);
  const before = { files: await files(), rules: await rules() };
  expect(await served([])).toEqual([]);
  expect(await firewallFacts()).toEqual({ backend, opened: others, keeper });

  await done('open', backend, ...networks);
  expect(await served(invited)).toEqual(invited);
  expect(await firewallFacts()).toEqual({ backend, opened: [...networks, ...others].sort(), keeper });
  const open = { files: await files(), rules: await rules() };
  await done('open', backend, ...networks);
  expect({ files: await files(), rules: await rules() }).toEqual(open);

  await must(`${flush}\n${boot}\n${bootUnit}`);
  expect(await served(invited)).toEqual(invited);
  expect(await firewallFacts()).toEqual({ backend, opened: [...networks, ...others].sort(), keeper });

  await done('close', backend, ...networks);
  expect(await served([])).toEqual([]);
  expect(await files()).toBe(before.files);
  expect(await rules()).toBe(before.rules);
  await done('close', backend, ...networks);
  expect(await files()).toBe(before.files);
}

beforeEach(() => must(flush));

const nftablesConf = `cat >/etc/nftables.conf <<'END'
#!/usr/sbin/nft -f
flush ruleset
table inet filter {
	set friends { type ipv4_addr; flags interval; elements = { 192.0.2.0/24 } }
	chain input {
		type filter hook input priority filter; policy drop;
		ct state vmap { established : accept, related : accept, invalid : drop }
		iif lo accept
		meta l4proto ipv6-icmp accept
		ip saddr @friends udp dport { 53, 123 } accept
		jump services
	}
	chain services {
		tcp dport 22 accept
	}
	chain forward { type filter hook forward priority filter; policy drop; }
}
END`;

describe('nftables', () => {
  const boot = 'nft -f /etc/nftables.conf';
  // Without the last newline, as an editor may leave it.
  const conf = `${nftablesConf}\nprintf %s "$(cat /etc/nftables.conf)" >/etc/nftables.conf`;
  const others = ['192.0.2.0/24'];

  test('restored by nftables.service lets the networks in for good, until it is closed', () =>
    live({
      backend: 'nftables',
      keeper: 'nftables.service',
      setUp: `${conf}\nsystemctl -q enable nftables.service`,
      boot,
      others,
    }));

  test('restored by something else keeps the rule by a unit of our own', async () => {
    await live({
      backend: 'nftables',
      keeper: null,
      setUp: `systemctl -q disable nftables.service\n${conf}\nmv /etc/nftables.conf /etc/site.nft`,
      boot: 'nft -f /etc/site.nft',
      others,
    });
  });

  test('with a chain that its file does not make leaves the file as it is', async () => {
    const site =
      'table inet site { chain in { type filter hook input priority 10; policy drop; meta l4proto ipv6-icmp accept; }; }';
    await live({
      backend: 'nftables',
      keeper: 'nftables.service',
      setUp: `printf '#!/usr/sbin/nft -f\nflush ruleset\n' >/etc/nftables.conf\nsystemctl -q enable nftables.service\necho '${site}' >/etc/site.nft`,
      boot: 'nft -f /etc/nftables.conf\nnft -f /etc/site.nft',
    });
  });
});

const dropping = (tools: readonly string[]): string =>
  tools
    .map((tool) =>
      [
        `${tool} -P INPUT DROP`,
        `${tool} -A INPUT -i lo -j ACCEPT`,
        `${tool} -A INPUT -p ${tool.startsWith('ip6') ? 'ipv6-icmp' : 'icmp'} -j ACCEPT`,
        `${tool} -N SERVICES`,
        `${tool} -A INPUT -j SERVICES`,
        `${tool} -A SERVICES -p tcp --dport 22 -m comment --comment "the "door"" -j ACCEPT`,
      ].join('\n'),
    )
    .join('\n');

describe('iptables', () => {
  test('restored by netfilter-persistent gets a line in its files, and nothing else of what is loaded', async () => {
    await live({
      backend: 'iptables',
      keeper: 'netfilter-persistent.service',
      setUp: `${dropping(['iptables', 'ip6tables'])}
        iptables-save >/etc/iptables/rules.v4
        ip6tables-save -c >/etc/iptables/rules.v6
        systemctl -q enable netfilter-persistent.service 2>/dev/null`,
      // The chains of others are loaded, and must not get into the files.
      boot: 'netfilter-persistent start 2>/dev/null >&2\niptables -N KUBE-NODEPORTS',
    });
  });

  test.each([
    ['nft', ['iptables', 'ip6tables']],
    ['legacy', ['iptables-legacy', 'ip6tables-legacy']],
    ['both variants', ['iptables', 'ip6tables', 'iptables-legacy', 'ip6tables-legacy']],
  ])('of a script (%s) keeps the rule by a unit of our own', async (_, tools) => {
    await live({
      backend: 'iptables',
      keeper: null,
      setUp: 'systemctl -q disable netfilter-persistent.service 2>/dev/null || :',
      boot: dropping(tools),
    });
  });
});

test('iptables and nftables that both keep out are both opened, and closed', async () => {
  await must('systemctl -q disable nftables.service netfilter-persistent.service 2>/dev/null || :');
  const table =
    'table inet site { chain in { type filter hook input priority 10; policy drop; meta l4proto ipv6-icmp accept; }; }';
  await must(`${dropping(['iptables', 'ip6tables'])}\nnft '${table}'`);
  const before = { files: await files(), rules: await rules() };
  const native = { backend: 'nftables', opened: [], keeper: null };
  expect(await firewallFacts()).toEqual({ backend: 'iptables', opened: [], keeper: null, also: native });
  await done('open', 'iptables', ...networks);
  expect(await served([])).toEqual([]);
  await done('open', 'nftables', ...networks);
  expect(await served(invited)).toEqual(invited);
  expect(await firewallFacts()).toMatchObject({ opened: networks, also: { opened: networks } });
  await done('close', 'nftables', ...networks);
  await done('close', 'iptables', ...networks);
  expect({ files: await files(), rules: await rules() }).toEqual(before);
});

describe('ufw', () => {
  const boot = '/lib/ufw/ufw-init start quiet';
  const setUp = `systemctl -q disable netfilter-persistent.service 2>/dev/null || :
    ufw --force enable >/dev/null
    ufw allow 22/tcp >/dev/null
    echo '# by hand' >>/etc/ufw/user.rules
    ${flush}`;
  // Emptied for the next: ufw's own chains stay behind when it is disabled.
  const tearDown = 'ufw disable >/dev/null';

  test('lets the networks in for good, until it is closed; its files are as before, comments by hand too', async () => {
    await live({ backend: 'ufw', keeper: 'ufw.service', setUp, boot });
    await must(tearDown);
  });

  test('keeps what others have added before and since', async () => {
    await must(`${setUp}\n${boot}`);
    await must('ufw allow proto udp from 10.83.0.0/24 to any port 123 comment theirs');
    await done('open', 'ufw', ...networks);
    await must('ufw allow 8080/tcp');
    await done('close', 'ufw', ...networks);
    expect(await must('ufw show added')).toBe(
      `Added user rules (see 'ufw status' for running firewall):\nufw allow 22/tcp\nufw allow from 10.83.0.0/24 to any port 123 proto udp comment 'theirs'\nufw allow 8080/tcp\n`,
    );
    await must(`ufw --force reset >/dev/null 2>&1\n${tearDown}`);
  });

  /** A ufw that does this when it is asked about IPv6. */
  const during6 = (what: string): string => `mv /usr/sbin/ufw /usr/sbin/ufw.real
    printf '#!/bin/sh\\ncase $* in *fd83*) %s ;; esac\\nexec ufw.real "$@"\\n' '${what}' >/usr/sbin/ufw
    chmod 755 /usr/sbin/ufw`;

  test('that fails half-way is as before, and says why', async () => {
    await must(`${setUp}\n${boot}`);
    const before = { files: await files(), rules: await rules() };
    await must(during6('echo no >&2; exit 1'));
    expect(await act('open', 'ufw', ...networks)).toEqual({
      code: 1,
      stdout: '',
      stderr: '@firewall ufw no\n',
    });
    expect({ files: await files(), rules: await rules() }).toEqual(before);
    await must(`mv /usr/sbin/ufw.real /usr/sbin/ufw\n${tearDown}`);
  });

  test('cut short half-way goes on where it stopped, both ways', async () => {
    await must(`${setUp}\n${boot}`);
    const before = { files: await files(), rules: await rules() };
    const cutShort = async (): Promise<void> => {
      await must(during6('kill -9 $PPID'));
      const { stdout } = await machine.sh(
        'sh -c "$@" 2>/dev/null || echo $?',
        agent,
        'sh',
        'do_open_firewall',
        ...['ufw', ...networks].map(word),
      );
      expect(stdout).toBe('137\n');
      await must('mv /usr/sbin/ufw.real /usr/sbin/ufw');
    };
    await cutShort();
    await done('close', 'ufw', networks[0] ?? '', networks[1] ?? '');
    expect({ files: await files(), rules: await rules() }).toEqual(before);
    await cutShort();
    await done('open', 'ufw', ...networks);
    expect(await served(invited)).toEqual(invited);
    await done('close', 'ufw', ...networks);
    expect({ files: await files(), rules: await rules() }).toEqual(before);
    await must(tearDown);
  });
});

describe('firewalld', () => {
  const answers =
    'for try in $(seq 300); do firewall-cmd --state >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1';
  const busConfig = `<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen><auth>EXTERNAL</auth>
    <policy context="default"><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>`;
  const daemons: { stop(): Promise<void> }[] = [];
  const restart = async (): Promise<void> => {
    await stop();
    await must(flush);
    // The machine's own configuration would look for PolicyKit at every call.
    await must('printf %s "$1" >/etc/bus.conf', busConfig);
    daemons.push(machine.launch('dbus-daemon', '--config-file=/etc/bus.conf', '--nofork', '--nopidfile'));
    await must(
      'for try in $(seq 100); do [ -S /run/dbus/system_bus_socket ] && exit; sleep 0.1; done; exit 1',
    );
    daemons.push(machine.launch('firewalld', '--nofork', '--nopid'));
    await must(answers);
  };
  const stop = async (): Promise<void> => {
    for (const daemon of daemons.splice(0).reverse()) await daemon.stop();
    await must('rm -f /run/dbus/system_bus_socket');
  };
  afterAll(stop);

  const zoneRules = (): Promise<string> =>
    must('firewall-cmd --list-all-zones; firewall-cmd --permanent --list-all-zones');

  test('lets the networks in for good, until it is closed; a file of its own for the zone goes again', async () => {
    await restart();
    const before = { files: await files(), rules: await zoneRules() };
    const facts = { backend: 'firewalld', keeper: 'firewalld.service' };
    expect(await served([])).toEqual([]);
    expect(await firewallFacts()).toEqual({ ...facts, opened: [] });
    await done('open', 'firewalld', ...networks);
    expect(await served(invited)).toEqual(invited);
    await done('open', 'firewalld', ...networks);
    expect(await firewallFacts()).toEqual({ ...facts, opened: networks });
    await restart();
    expect(await served(invited)).toEqual(invited);
    await done('close', 'firewalld', ...networks);
    expect(await served([])).toEqual([]);
    expect(await files()).toBe(before.files);
    expect(await zoneRules()).toBe(before.rules);
    await restart();
    expect(await served([])).toEqual([]);
  });

  test('keeps what others have added before and since, each on its side', async () => {
    await restart();
    const theirs = 'rule family="ipv4" source address="10.83.0.0/24" port port="123" protocol="udp" accept';
    await must('firewall-cmd -q --add-rich-rule="$1"', theirs);
    await done('open', 'firewalld', ...networks);
    await must('firewall-cmd -q --permanent --add-port=8080/tcp');
    await done('close', 'firewalld', ...networks);
    expect(await must('firewall-cmd --list-rich-rules')).toBe(`${theirs}\n`);
    expect(await must('firewall-cmd --permanent --list-rich-rules')).toBe('\n');
    expect(await must('firewall-cmd --permanent --list-ports')).toBe('8080/tcp\n');
    await must('rm -f /etc/firewalld/zones/*');
    await stop();
  });
});

describe('a word that is no network or no firewall', () => {
  const hostile = [
    '',
    '$(touch /tmp/hit)',
    '`touch /tmp/hit`',
    '10.2.0.0/16; touch /tmp/hit',
    '10.2.0.0/16\n10.3.0.0/16',
    '10.2.0.0/16 -j ACCEPT',
    '-s',
    '--help',
    '10.2.0.0/16"',
    "10.2.0.0/16'",
    '10.2/16',
    '10.2.0.0/16/8',
    '１0.2.0.0/16',
    'fd00::/8}',
    ':',
    'all',
    '*',
  ];

  test.each(['dash', 'bash', 'busybox'])('changes nothing, in %s', async (shell) => {
    await must(dropping(['iptables', 'ip6tables']));
    const before = { files: await files(), rules: await rules() };
    const inShell = shell === 'busybox' ? 'exec busybox sh -c "$@"' : `exec ${shell} -c "$@"`;
    const ask = (backend: string, net: string) =>
      machine.sh(inShell, agent, shell, 'do_open_firewall', word(backend), word('10.2.0.0/16'), word(net));
    for (const net of hostile) {
      const { code, stderr } = await ask('iptables', net);
      expect([code, stderr], net).toEqual([1, `@refused network ${word(net)}\n`]);
    }
    for (const backend of ['', 'all', 'nftables; touch /tmp/hit', '../ufw']) {
      expect((await ask(backend, '10.3.0.0/16')).code, backend).toBe(1);
    }
    expect({ files: await files(), rules: await rules() }).toEqual(before);
    expect((await machine.sh('ls /tmp/hit')).code).not.toBe(0);
    expect((await ask('iptables', '10.3.0.0/16')).code).toBe(0);
    await done('close', 'iptables', '10.2.0.0/16', '10.3.0.0/16');
    expect({ files: await files(), rules: await rules() }).toEqual(before);
  });
});
