import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalNetwork, contains } from './firewall/networks.ts';
import { type FirewallOutputs, firewallOf, networksToOpen } from './firewall.ts';

const nothing: FirewallOutputs = {
  firewalld: null,
  ufw: null,
  iptables: null,
  nftables: null,
  keepers: null,
};
const of = (outputs: Partial<FirewallOutputs>) => firewallOf({ ...nothing, ...outputs });

describe('ufw', () => {
  const status = (rules: readonly string[], incoming = 'deny'): string =>
    `Status: active\nLogging: on (low)\nDefault: ${incoming} (incoming), allow (outgoing), disabled (routed)\nNew profiles: skip\n\nTo                         Action      From\n--                         ------      ----\n${rules.join('\n')}\n`;

  test.each<[string, readonly string[], readonly string[]]>([
    ['nobody', ['22/tcp                     ALLOW IN    Anywhere                  '], []],
    [
      'one network, with the comment of its rule',
      ['123/udp                    ALLOW IN    10.2.0.0/16                # clockwarden'],
      ['10.2.0.0/16'],
    ],
    [
      'a network of IPv6',
      ['123/udp                    ALLOW IN    fd00::/8                  '],
      ['fd00::/8'],
    ],
    [
      'everybody over IPv4, then over IPv6',
      [
        '123/udp                    ALLOW IN    Anywhere                  ',
        '123/udp (v6)               ALLOW IN    Anywhere (v6)             ',
      ],
      ['all'],
    ],
    [
      'everybody over IPv4',
      ['123                        ALLOW IN    Anywhere                  '],
      ['0.0.0.0/0'],
    ],
    [
      'a network to every port, a list and a range of ports',
      [
        'Anywhere                   ALLOW IN    10.9.0.0/16               ',
        '22,123/udp                 ALLOW IN    10.8.0.0/16               ',
        '100:200/udp                ALLOW IN    10.7.0.0/16               ',
      ],
      ['10.7.0.0/16', '10.8.0.0/16', '10.9.0.0/16'],
    ],
    [
      'nobody by a rule for one interface, one address of the node, TCP, what is forwarded, or at a rate',
      [
        '123/udp on eth0            ALLOW IN    Anywhere                  ',
        '10.1.1.1 123/udp           ALLOW IN    10.8.8.8                  ',
        '123/tcp                    ALLOW IN    Anywhere                  ',
        '123/udp                    ALLOW FWD   Anywhere                  ',
        '123/udp                    LIMIT IN    Anywhere                  ',
      ],
      [],
    ],
    [
      'nobody after they were denied',
      [
        '123/udp                    DENY IN     Anywhere                  ',
        '123/udp                    ALLOW IN    10.2.0.0/16               ',
      ],
      [],
    ],
    [
      'not the whole of a network when a part is denied before',
      [
        '123/udp                    REJECT IN   10.2.3.0/24               ',
        '123/udp                    ALLOW IN    10.2.0.0/16               ',
      ],
      [],
    ],
  ])('lets in %s', (_, rules, opened) => {
    expect(of({ ufw: status(rules) })).toEqual({ backend: 'ufw', opened, keeper: 'ufw.service' });
  });

  test('rules nothing while it is switched off, and lets all in when that is its default', () => {
    expect(of({ ufw: 'Status: inactive\n' })).toBeNull();
    expect(of({ ufw: status([], 'allow') })?.opened).toEqual(['all']);
  });
});

describe('firewalld', () => {
  const zone = (
    head: string,
    fields: Readonly<Record<string, string>>,
    rules: readonly string[] = [],
  ): string =>
    `${head}\n${Object.entries({
      target: 'default',
      interfaces: '',
      sources: '',
      services: 'ssh',
      ports: '',
      ...fields,
    })
      .map(([key, value]) => `  ${key}: ${value}\n`)
      .join('')}  rich rules: \n${rules.map((rule) => `\t${rule}\n`).join('')}\n`;
  const output = (runtime: string, permanent = runtime): string =>
    `default public\nruntime\n${runtime}permanent\n${permanent}`;
  const opened = (printed: string) => of({ firewalld: printed })?.opened;
  const rule = 'rule family="ipv4" source address="10.2.0.0/16" port port="123" protocol="udp" accept';

  test('lets in by service, port or rich rule', () => {
    expect(opened(output(zone('public (active)', { services: 'ntp ssh' })))).toEqual(['all']);
    expect(opened(output(zone('public', { ports: '80/tcp 100-200/udp' })))).toEqual(['all']);
    expect(opened(output(zone('public (default, active)', {}, [rule])))).toEqual(['10.2.0.0/16']);
    expect(opened(output(zone('public', { ports: '123/tcp' }, [rule.replace('accept', 'drop')])))).toEqual(
      [],
    );
  });

  test('lets in only who is let in now and after a reboot', () => {
    expect(opened(output(zone('public', {}, [rule]), zone('public', {})))).toEqual([]);
    expect(opened(output(zone('public', {}), zone('public', {}, [rule])))).toEqual([]);
  });

  test('every zone that may rule a packet counts, and no other', () => {
    const open = zone('public', { services: 'ntp' });
    expect(opened(output(open + zone('internal (active)', { interfaces: 'eth1' })))).toEqual([]);
    expect(opened(output(open + zone('work', {})))).toEqual(['all']);
    expect(
      opened(output(open + zone('docker (active)', { target: 'ACCEPT', interfaces: 'docker0' }))),
    ).toEqual(['all']);
    expect(opened(output(zone('public', { target: 'ACCEPT' })))).toEqual(['all']);
    expect(
      opened(
        output(zone('public', {}) + zone('trusted (active)', { target: 'ACCEPT', sources: '10.2.0.0/16' })),
      ),
    ).toEqual(['10.2.0.0/16']);
  });

  test('that does not run rules nothing', () => {
    expect(of({ firewalld: 'FirewallD is not running\n' })).toBeNull();
  });
});

/** As a node with iptables, Docker and kube-proxy prints it. */
const kubernetes = `:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:DOCKER-USER - [0:0]
:KUBE-FIREWALL - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-PROXY-FIREWALL - [0:0]
:cali-INPUT - [0:0]
:cali-wl-to-host - [0:0]
-A INPUT -m comment --comment "cali:Cz_u1IQiXIMmKD4c" -j cali-INPUT
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
-A INPUT -j KUBE-FIREWALL
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
-A KUBE-FIREWALL -m mark --mark 0x8000/0x8000 -j DROP
-A cali-INPUT -i cali+ -g cali-wl-to-host
-A cali-INPUT -m mark --mark 0x10000/0x10000 -j ACCEPT
-A cali-wl-to-host -j DROP
`;

describe('iptables', () => {
  const saved = (table: string, tool = 'iptables nft'): string => `tool ${tool}\n*filter\n${table}COMMIT\n`;
  const input = (policy: string, rules: readonly string[]): string =>
    `:INPUT ${policy} [0:0]\n:MINE - [0:0]\n${rules.map((rule) => `-A ${rule}\n`).join('')}`;
  const opened = (policy: string, ...rules: readonly string[]) =>
    of({ iptables: saved(input(policy, rules)) })?.opened;

  test('that accepts all rules nothing', () => {
    expect(of({ iptables: saved(input('ACCEPT', [])) })).toBeNull();
    expect(of({ iptables: 'tool iptables nft\ntool ip6tables nft\n' })).toBeNull();
  });

  test('the chains of Docker, kube-proxy, Calico and fail2ban are no firewall', () => {
    expect(of({ iptables: saved(kubernetes) })).toBeNull();
    expect(
      of({
        iptables: saved(
          input('ACCEPT', [
            'INPUT -p tcp -m multiport --dports 22 -j MINE',
            'MINE -s 6.6.6.6/32 -j REJECT',
            'MINE -j DROP',
          ]),
        ),
      }),
    ).toBeNull();
  });

  test('a policy, a rule at the end, or a chain that INPUT jumps to keeps strangers out', () => {
    expect(opened('DROP')).toEqual(['::/0']);
    expect(
      opened(
        'ACCEPT',
        'INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT',
        'INPUT -j REJECT --reject-with icmp-host-prohibited',
      ),
    ).toEqual(['::/0']);
    expect(
      opened(
        'ACCEPT',
        'INPUT -j MINE',
        'MINE -i lo -j ACCEPT',
        'MINE -p tcp --dport 22 -j ACCEPT',
        'MINE -j DROP',
      ),
    ).toEqual(['::/0']);
    expect(opened('ACCEPT', 'INPUT -i eth0 -j MINE', 'MINE -j DROP')).toEqual(['::/0']);
  });

  test.each<[string, readonly string[], readonly string[] | undefined]>([
    [
      'its own rule',
      ['INPUT -s 10.2.0.0/16 -p udp -m udp --dport 123 -m comment --comment clockwarden -j ACCEPT'],
      ['10.2.0.0/16', '::/0'],
    ],
    [
      'a list of ports, and quotes in a comment',
      [
        'INPUT -s 10.2.0.0/16 -p udp -m multiport --dports 53,100:200 -m comment --comment "-j \\"DROP\\"" -j ACCEPT',
      ],
      ['10.2.0.0/16', '::/0'],
    ],
    ['everybody', ['INPUT -p udp -m udp --dport 123 -j ACCEPT'], undefined],
    [
      'a network in a chain of a network',
      ['INPUT -s 10.0.0.0/8 -j MINE', 'MINE -p udp --dport 123 -j ACCEPT'],
      ['10.0.0.0/8', '::/0'],
    ],
    [
      'nobody by the port a packet came from, another interface, a rate, a set',
      [
        'INPUT -p udp --sport 123 -j ACCEPT',
        'INPUT -i eth1 -j ACCEPT',
        'INPUT -p udp --dport 123 -m limit --limit 5/s -j ACCEPT',
        'INPUT -m set --match-set friends src -j ACCEPT',
      ],
      ['::/0'],
    ],
    [
      'nobody who was dropped before',
      ['INPUT -s 10.0.0.0/8 -j DROP', 'INPUT -s 10.2.0.0/16 -p udp --dport 123 -j ACCEPT'],
      ['::/0'],
    ],
    [
      'what comes after a return in a chain',
      ['INPUT -j MINE', 'INPUT -p udp --dport 123 -j ACCEPT', 'MINE -p udp -j RETURN', 'MINE -j DROP'],
      undefined,
    ],
  ])('lets in by %s', (_, rules, networks) => {
    expect(opened('DROP', ...rules)).toEqual(networks);
  });

  test('`drop all but these` leaves these', () => {
    expect(opened('ACCEPT', 'INPUT ! -s 10.0.0.0/8 -p udp --dport 123 -j DROP')).toEqual([
      '10.0.0.0/8',
      '::/0',
    ]);
  });

  test('a packet must pass the tables of both variants, and each family has its own', () => {
    const open = input('DROP', ['INPUT -s 10.2.0.0/16 -p udp --dport 123 -j ACCEPT']);
    expect(
      of({ iptables: saved(open) + saved(input('DROP', []), 'iptables-legacy legacy') })?.opened,
    ).toEqual(['::/0']);
    expect(of({ iptables: saved(open) + saved(input('DROP', []), 'ip6tables nft') })?.opened).toEqual([
      '10.2.0.0/16',
    ]);
  });

  test('knows who restores it', () => {
    const keeper = (keepers: string) => of({ iptables: saved(input('DROP', [])), keepers })?.keeper;
    expect(keeper('')).toBeNull();
    expect(keeper('netfilter-persistent.service\nnftables.service\n')).toBe('netfilter-persistent.service');
    expect(keeper('iptables.service\n')).toBe('iptables.service');
  });

  test('chains that call each other for ever come to an end', () => {
    const loop =
      ':INPUT DROP [0:0]\n:A - [0:0]\n:B - [0:0]\n-A INPUT -j A\n-A A -j B\n-A A -j B\n-A B -j A\n-A B -j A\n';
    expect(of({ iptables: saved(loop) })).toBeNull();
  });
});

describe('nftables', () => {
  const table = (family: string, name: string, items: readonly unknown[]): string =>
    `${JSON.stringify({ nftables: [{ metainfo: {} }, { table: { family, name } }, ...items] })}\n`;
  const base = (policy: string, name = 'input') => ({
    chain: { name, type: 'filter', hook: 'input', prio: 0, policy },
  });
  const rule = (expr: readonly unknown[], chain = 'input') => ({ rule: { chain, expr } });
  const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } });
  const field = (protocol: string, name: string) => ({ payload: { protocol, field: name } });
  const ntp = match(field('udp', 'dport'), 123);
  const from = (right: unknown, protocol = 'ip') => match(field(protocol, 'saddr'), right);
  const net = { prefix: { addr: '10.2.0.0', len: 16 } };
  const accept = { accept: null };
  const drop = { drop: null };
  const opened = (...items: readonly unknown[]) =>
    of({ nftables: table('inet', 'filter', [base('drop'), ...items]) })?.opened;

  test('that accepts all rules nothing, nor does what is not JSON', () => {
    expect(of({ nftables: table('inet', 'filter', [base('accept')]) })).toBeNull();
    expect(of({ nftables: 'Error: no such thing\n{"nftables":7}\n[]\n' })).toBeNull();
  });

  test.each<[string, readonly unknown[], readonly string[] | undefined]>([
    ['nobody', [], []],
    ['a network', [rule([from(net), ntp, { counter: { packets: 1, bytes: 2 } }, accept])], ['10.2.0.0/16']],
    [
      'a network of IPv6',
      [rule([from({ prefix: { addr: 'fd00::', len: 8 } }, 'ip6'), ntp, accept])],
      ['fd00::/8'],
    ],
    ['everybody of IPv4', [rule([match({ meta: { key: 'nfproto' } }, 'ipv4'), ntp, accept])], ['0.0.0.0/0']],
    [
      'everybody, by a set of ports',
      [rule([match(field('udp', 'dport'), { set: [53, { range: [100, 200] }] }), accept])],
      undefined,
    ],
    [
      'everybody, by th dport',
      [
        rule([
          match({ meta: { key: 'l4proto' } }, { set: ['tcp', 'udp'] }),
          match(field('th', 'dport'), 123),
          accept,
        ]),
      ],
      undefined,
    ],
    [
      'the networks of a named set',
      [
        { set: { name: 'friends', elem: [net, { elem: { val: '10.9.0.1', timeout: 60 } }] } },
        rule([from('@friends'), ntp, accept]),
      ],
      ['10.2.0.0/16', '10.9.0.1'],
    ],
    [
      'a chain of its own',
      [
        { chain: { name: 'ntp' } },
        rule([ntp, { jump: { target: 'ntp' } }]),
        rule([from(net), accept], 'ntp'),
      ],
      ['10.2.0.0/16'],
    ],
    [
      'a verdict map by port',
      [
        rule([
          {
            vmap: {
              key: field('udp', 'dport'),
              data: {
                set: [
                  [53, drop],
                  [123, accept],
                ],
              },
            },
          },
        ]),
      ],
      undefined,
    ],
    [
      'a named verdict map by source',
      [
        { map: { name: 'who', elem: [[net, accept]] } },
        rule([ntp, { vmap: { key: field('ip', 'saddr'), data: '@who' } }]),
      ],
      ['10.2.0.0/16'],
    ],
    [
      'new packets, not those of connections',
      [
        rule([match({ ct: { key: 'state' } }, ['established', 'related'], 'in'), accept]),
        rule([
          {
            vmap: {
              key: { ct: { key: 'state' } },
              data: {
                set: [
                  ['established', accept],
                  ['invalid', drop],
                ],
              },
            },
          },
        ]),
      ],
      [],
    ],
    [
      'nobody by TCP, a rate, an interface or another family',
      [
        rule([match(field('tcp', 'dport'), 123), accept]),
        rule([{ limit: { rate: 1 } }, ntp, accept]),
        rule([match({ meta: { key: 'iifname' } }, 'eth1'), accept]),
        rule([match({ meta: { key: 'iifname' } }, 'lo'), accept]),
      ],
      [],
    ],
  ])('lets in %s', (_, items, networks) => {
    expect(opened(...items)).toEqual(networks);
  });

  test('a packet must pass every base chain; one of fail2ban keeps nobody out', () => {
    const open = table('inet', 'filter', [base('drop'), rule([ntp, accept])]);
    const ban = table('inet', 'f2b-table', [
      base('accept'),
      rule([match(field('tcp', 'dport'), 22), from('@banned'), { reject: {} }]),
    ]);
    expect(of({ nftables: open + ban })).toBeNull();
    expect(of({ nftables: ban })).toBeNull();
    expect(of({ nftables: open + table('ip', 'mine', [base('drop')]) })?.opened).toEqual(['::/0']);
  });

  test('the tables of iptables are seen through iptables alone', () => {
    const nftables = table('ip', 'filter', [base('drop', 'INPUT')]);
    expect(of({ nftables })?.backend).toBe('nftables');
    const iptables = (variant: string) => `tool iptables ${variant}\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n`;
    expect(of({ nftables, iptables: iptables('nft') })?.backend).toBe('iptables');
  });
});

test('tables of nftables beside another firewall are told as well, not those that it has made itself', () => {
  const made = (family: string, name: string): string =>
    `${JSON.stringify({
      nftables: [
        { table: { family, name } },
        { chain: { name: 'in', type: 'filter', hook: 'input', policy: 'drop' } },
      ],
    })}\n`;
  const ufw = 'Status: active\nDefault: deny (incoming), allow (outgoing)\n';
  const native = { backend: 'nftables', opened: [], keeper: null };
  expect(of({ ufw, nftables: made('inet', 'site') })?.also).toEqual(native);
  const firewalld =
    'default public\nruntime\npublic\n  target: default\npermanent\npublic\n  target: default\n';
  expect(of({ firewalld, nftables: made('inet', 'firewalld') })?.also).toBeUndefined();
  expect(of({ firewalld, nftables: made('inet', 'firewalld') + made('inet', 'site') })?.also).toEqual(native);
  const iptables = 'tool iptables nft\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n';
  expect(of({ iptables, nftables: made('ip', 'filter') + made('inet', 'site') })).toEqual({
    backend: 'iptables',
    opened: ['::/0'],
    keeper: null,
    also: native,
  });
});

describe('the networks to open', () => {
  const firewall = (...opened: readonly string[]) => ({ backend: 'ufw' as const, opened });

  test('are those that are not let in yet, as every tool prints them', () => {
    expect(
      networksToOpen(firewall('10.0.0.0/8'), [
        '10.2.0.0/16',
        '192.168.1.5/24',
        '192.168.1.0/24',
        'FD00:0:0::/8',
      ]),
    ).toEqual(['192.168.1.0/24', 'fd00::/8']);
    expect(networksToOpen(firewall('0.0.0.0/0'), ['10.2.0.0/16', '::1'])).toEqual(['::1']);
    expect(networksToOpen(firewall('all'), ['10.2.0.0/16'])).toEqual([]);
    expect(networksToOpen(firewall(), ['$(reboot)', '10.2.0.0/33', '1.2.3', '::1::/64', ''])).toEqual([]);
  });

  test.each([
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:0:0:0:0/32', '2001:db8::/32'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::', '::'],
    ['10.2.3.4/16', '10.2.0.0/16'],
    ['10.2.3.4/32', '10.2.3.4'],
  ])('%s is written %s', (written, canonical) => {
    expect(canonicalNetwork(written)).toBe(canonical);
  });

  test('a network contains itself and all longer prefixes of it, written in any way', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, fc.nat(128), fc.nat(128), (parts, one, other) => {
        const address = parts.map((part) => part.toString(16)).join(':');
        const [short, long] = [Math.min(one, other), Math.max(one, other)];
        const [outer, inner] = [`${address}/${short}`, canonicalNetwork(`${address}/${long}`) ?? ''];
        expect(contains(outer, inner)).toBe(true);
        expect(contains(inner, outer)).toBe(short === long);
        expect(canonicalNetwork(inner)).toBe(inner);
      }),
    );
  });
});

test('whatever a node prints is survived', () => {
  const word = fc.constantFrom(
    'tool iptables nft',
    '*filter',
    ':INPUT DROP',
    ':A -',
    '-A INPUT -j A',
    '-A A -j A',
    '-A INPUT ! -s',
    '-j',
    '"',
    'Status: active',
    'default public',
    'runtime',
    'permanent',
    'public (active)',
    '{"nftables":[{"table":{"family":"ip","name":"x"}},{"chain":{"name":"a","hook":"input","type":"filter"}},{"rule":{"chain":"a","expr":[{"jump":{"target":"a"}}]}}]}',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }), (lines) => {
      const text = lines.join('\n');
      firewallOf({ firewalld: text, ufw: text, iptables: text, nftables: text, keepers: text });
    }),
  );
});
