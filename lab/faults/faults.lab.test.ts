import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, TestLab } from '../testing/index.ts';
import { faults } from './index.ts';

const lab = new TestLab('faults');
const tried = new Set<string>();

beforeAll(async () => {
  await lab.must('up', '--nodes', '3', '--image', 'chrony,bare,el-like', '--upstreams', '2');
});
afterAll(() => lab.remove());

/** Puts a fault in force, looks at its effect, undoes it, and looks again. */
async function during(
  words: readonly string[],
  broken: () => Promise<void>,
  whole: () => Promise<void>,
): Promise<void> {
  tried.add(words[0] ?? '');
  await whole();
  await lab.must('fault', ...words);
  try {
    await broken();
  } finally {
    await lab.must('fault', '--undo', 'all');
  }
  await whole();
}

/** A client's packet from a node to an NTP server, by nothing but perl: "leap stratum refid offset delay", or "silence". */
async function askNtp(node: string, server: string): Promise<string[]> {
  const script = `perl -MSocket -MTime::HiRes=time -e '
    socket(my $s, PF_INET, SOCK_DGRAM, 17); my $sent = time;
    send($s, "\\x23" . "\\0" x 47, 0, sockaddr_in(123, inet_aton("${server}")));
    my $bits = ""; vec($bits, fileno($s), 1) = 1;
    if (select($bits, undef, undef, 1.5)) {
      recv($s, my $r, 100, 0); my $got = time; my @f = unpack "CC x10 a4 x16 NN NN", $r;
      my $t2 = $f[3] - 2208988800 + $f[4] / 2**32;
      printf "%d %d %s %.6f %.6f", $f[0] >> 6, $f[1], $f[2] =~ s/\\0//gr, $t2 - ($sent + $got) / 2, $got - $sent;
    } else { print "silence" }'`;
  const outcome = await lab.on(node, script);
  expect(outcome.stderr).toBe('');
  return outcome.stdout.split(' ');
}

/** Offset and delay in seconds, of five exchanges the quickest: what else the machine does can only add to one. */
async function measureNtp(node: string, server: string): Promise<{ offset: number; delay: number }> {
  let best = { offset: Number.NaN, delay: Number.POSITIVE_INFINITY };
  for (let exchange = 0; exchange < 5; exchange += 1) {
    const [, , , offset, delay] = await askNtp(node, server);
    if (Number(delay) < best.delay) best = { offset: Number(offset), delay: Number(delay) };
  }
  return best;
}

async function succeeds(node: string, script: string): Promise<boolean> {
  return (await lab.on(node, script)).code === 0;
}

const expectSuccess = (node: string, script: string) => async (): Promise<void> => {
  const outcome = await lab.on(node, script);
  expect(outcome, script).toMatchObject({ code: 0 });
};
const expectFailure = (node: string, script: string) => async (): Promise<void> => {
  expect(await succeeds(node, script), script).toBe(false);
};

async function offsetOf(node: string): Promise<number> {
  const truth = (await lab.truth())[node];
  if (!truth) throw new Error(`${node} is silent`);
  return truth.offsetSeconds;
}

const upstream = '10.99.0.201';
const sshWorks = async (): Promise<boolean> =>
  (await lab.run('ssh', ['node2', '--', 'true'], 5000)).code === 0;

describe('faults of a clock', () => {
  test.each([
    ['+5.25s', 5.25],
    ['-3d', -259200],
    ['+40y', 1262304000],
    ['-40y', -1262304000],
    ['-1.5ms', -0.0015],
  ])('a step by %s moves it by exactly that', async (by, seconds) => {
    const before = await offsetOf('node2');
    await during(
      ['step', 'node2', `by=${by}`],
      async () => expect(Math.abs((await offsetOf('node2')) - before - seconds)).toBeLessThan(0.002),
      async () => expect(Math.abs((await offsetOf('node2')) - before)).toBeLessThan(0.002),
    );
  });

  test('a rate of 20,000 ppm makes it run away, and undo stops it where it is', async () => {
    tried.add('rate');
    const before = await offsetOf('node2');
    await lab.must('fault', 'rate', 'node2', 'ppm=20000');
    await eventually(async () => (await offsetOf('node2')) - before > 0.05, 'the clock runs away');
    await lab.must('fault', '--undo', 'all');
    const after = await offsetOf('node2');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(Math.abs((await offsetOf('node2')) - after)).toBeLessThan(0.005);
  });
});

describe('faults of the network', () => {
  const answers = async (): Promise<void> => expect(await askNtp('node2', upstream)).toHaveLength(5);

  test('ntp-drop', () =>
    during(
      ['ntp-drop', 'node2'],
      async () => expect(await askNtp('node2', upstream)).toEqual(['silence']),
      answers,
    ));

  test.each([
    ['in', 0.2, -0.1],
    ['out', 0.2, 0.1],
    ['both', 0.4, 0],
  ])('ntp-delay %s delays, and shifts what is measured when it is one-sided', async (way, delay, shift) => {
    const honest = await measureNtp('node2', upstream);
    await during(
      ['ntp-delay', 'node2', 'by=200ms', `way=${way}`],
      async () => {
        const seen = await measureNtp('node2', upstream);
        expect(seen.delay).toBeGreaterThanOrEqual(delay);
        expect(seen.delay).toBeLessThan(delay + 0.15);
        expect(Math.abs(seen.offset - honest.offset - shift)).toBeLessThan(0.08);
      },
      async () => expect((await measureNtp('node2', upstream)).delay).toBeLessThan(0.15),
    );
  });

  test('ntp-rate-limit lets few of many answers through', async () => {
    const burst = `perl -MSocket -e 'socket(my $s, PF_INET, SOCK_DGRAM, 17);
      send($s, "\\x23" . "\\0" x 47, 0, sockaddr_in(123, inet_aton("${upstream}"))) for 1..20;
      my $n = 0; while (1) { my $b = ""; vec($b, fileno($s), 1) = 1; last unless select($b, undef, undef, 0.7); recv($s, my $r, 99, 0); $n++ } print $n'`;
    const count = async (): Promise<number> => Number((await lab.on('node2', burst)).stdout);
    await during(
      ['ntp-rate-limit', 'node2', 'packets=1'],
      async () => expect(await count()).toBeLessThan(8),
      async () => expect(await count()).toBe(20),
    );
  });

  test('ssh-block', () =>
    during(
      ['ssh-block', 'node2'],
      async () => expect(await sshWorks()).toBe(false),
      () => eventually(sshWorks, 'ssh works'),
    ));

  test('partition cuts the network, and the lab keeps its hand on the node', () =>
    during(
      ['partition', 'node2'],
      async () => {
        expect(await sshWorks()).toBe(false);
        expect(await succeeds('node2', 'true')).toBe(true);
      },
      () => eventually(sshWorks, 'ssh works'),
    ));

  test('dns-break', () =>
    during(
      ['dns-break', 'node2'],
      expectFailure('node2', 'timeout 3 getent hosts ntp1'),
      expectSuccess('node2', 'getent hosts ntp1'),
    ));
});

describe('faults of a daemon', () => {
  test.each(['daemon-kill', 'daemon-stop', 'daemon-mask'])('%s', (fault) =>
    during(
      [fault, 'node1'],
      () => eventually(async () => !(await succeeds('node1', 'systemctl -q is-active chrony')), 'inactive'),
      () => eventually(() => succeeds('node1', 'systemctl -q is-active chrony'), 'active'),
    ),
  );

  test('daemon-wedge leaves it active and deaf', () =>
    during(
      ['daemon-wedge', 'node1'],
      expectSuccess('node1', 'systemctl -q is-active chrony && ! timeout 3 chronyc -h 127.0.0.1 tracking'),
      () => eventually(() => succeeds('node1', 'timeout 5 chronyc -h 127.0.0.1 tracking'), 'chronyd answers'),
    ));

  test.each(['node1', 'node3'])('second-daemon on %s', (node) =>
    during(
      ['second-daemon', node],
      () => eventually(() => succeeds(node, 'systemctl -q is-active ntpd && pgrep -x ntpd'), 'ntpd runs'),
      expectFailure(node, 'pgrep -x ntpd'),
    ),
  );

  test('ntpdate-cron installs ntpdate from the mirror', () =>
    during(
      ['ntpdate-cron', 'node2'],
      expectSuccess('node2', '[ -x /usr/sbin/ntpdate ] && grep -q ntpdate /etc/cron.d/lab-ntpdate'),
      expectFailure('node2', '[ -e /etc/cron.d/lab-ntpdate ]'),
    ));

  test.each([
    ['yes', true],
    ['no', false],
  ])('containers with sys-time=%s share the clock and nothing else', async (answer, may) => {
    const shells = "pgrep -f '^sh -c while :; do ntpdate'";
    await during(
      ['containers', 'node2', 'count=2', `sys-time=${answer}`],
      async () => {
        await eventually(
          async () => (await lab.on('node2', `${shells} | wc -l`)).stdout.trim() === '2',
          'two containers run',
        );
        const facts = await lab.on(
          'node2',
          `for p in $(${shells}); do readlink /proc/$p/ns/pid; grep CapBnd /proc/$p/status; done; readlink /proc/1/ns/pid`,
        );
        const pidNamespaces = facts.stdout.match(/pid:\[\d+\]/g) ?? [];
        expect(new Set(pidNamespaces).size).toBe(3);
        const bounding = [...facts.stdout.matchAll(/CapBnd:\s*([0-9a-f]+)/g)].map((found) =>
          BigInt(`0x${found[1]}`),
        );
        // CAP_SYS_TIME is bit 25 (capability.h).
        expect(bounding.map((caps) => ((caps >> 25n) & 1n) === 1n)).toEqual([may, may]);
      },
      () => eventually(async () => !(await succeeds('node2', shells)), 'no container runs'),
    );
  });
});

describe('faults of files', () => {
  test('disk-full', () =>
    during(
      ['disk-full', 'node2'],
      expectFailure('node2', 'dd if=/dev/zero of=/root/more bs=64k count=1 conv=fsync'),
      expectSuccess('node2', 'dd if=/dev/zero of=/root/more bs=64k count=1 conv=fsync && rm /root/more'),
    ));

  test('etc-read-only', () =>
    during(
      ['etc-read-only', 'node2'],
      expectFailure('node2', 'touch /etc/x'),
      expectSuccess('node2', 'touch /etc/x'),
    ));

  test.each(['dangling', 'missing', 'copy', 'junk'])('localtime-break %s', (kind) =>
    during(
      ['localtime-break', 'node2', `kind=${kind}`],
      expectFailure('node2', '[ "$(readlink -e /etc/localtime)" = /usr/share/zoneinfo/Etc/UTC ]'),
      expectSuccess('node2', '[ "$(readlink /etc/localtime)" = /usr/share/zoneinfo/Etc/UTC ]'),
    ),
  );

  test.each(['config-corrupt', 'config-remove'])('%s, and undo brings back the very bytes', async (fault) => {
    const print = "stat -c '%a %U:%G' /etc/chrony.conf; sha256sum </etc/chrony.conf";
    const before = (await lab.on('node3', print)).stdout;
    await during(
      [fault, 'node3'],
      async () => expect((await lab.on('node3', print)).stdout).not.toBe(before),
      async () => expect((await lab.on('node3', print)).stdout).toBe(before),
    );
  });
});

describe('faults of an upstream', () => {
  const honest = async (): Promise<void> => {
    const [leap, stratum, , offset] = await askNtp('node2', upstream);
    expect([leap, stratum]).toEqual(['0', '2']);
    expect(Math.abs(Number(offset))).toBeLessThan(0.2);
  };

  test.each([
    ['upstream-jump', 'by=-20s', '0', '2', -20],
    ['upstream-lie', 'by=+7s', '0', '1', 7],
    ['upstream-leap', 'leap=2', '2', '2', 0],
    ['upstream-leap', 'leap=3', '3', '16', 0],
  ])('%s %s', (fault, setting, leap, stratum, shift) =>
    during(
      [fault, 'ntp1', setting],
      async () => {
        const seen = await askNtp('node2', upstream);
        expect(seen.slice(0, 2)).toEqual([leap, stratum]);
        expect(Math.abs(Number(seen[3]) - shift)).toBeLessThan(0.2);
      },
      honest,
    ),
  );

  test('upstream-ramp runs away', () =>
    during(
      ['upstream-ramp', 'ntp1', 'ppm=100000'],
      () => eventually(async () => Number((await askNtp('node2', upstream))[3]) > 0.3, 'it is 0.3 s ahead'),
      honest,
    ));

  test('upstream-kiss', () =>
    during(
      ['upstream-kiss', 'ntp1', 'code=DENY'],
      async () => expect((await askNtp('node2', upstream)).slice(0, 3)).toEqual(['3', '0', 'DENY']),
      honest,
    ));

  test('upstream-silent', () =>
    during(
      ['upstream-silent', 'ntp1'],
      async () => expect(await askNtp('node2', upstream)).toEqual(['silence']),
      honest,
    ));
});

describe('faults of a whole node', () => {
  test('pause freezes it, and it goes on with the clock it would have had', async () => {
    const before = await offsetOf('node2');
    await during(
      ['pause', 'node2'],
      async () => expect((await lab.truth()).node2).toBeNull(),
      async () => expect(Math.abs((await offsetOf('node2')) - before)).toBeLessThan(0.02),
    );
  });

  test('power-cut loses what was not written, and the node boots again with its identity', async () => {
    const identity = async (): Promise<string> =>
      (await lab.on('node2', 'hostname; cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub')).stdout;
    const before = await identity();
    await during(
      ['power-cut', 'node2'],
      async () => expect((await lab.truth()).node2).toBeNull(),
      async () => expect(await identity()).toBe(before),
    );
    expect(await sshWorks()).toBe(true);
  });
});

test('every fault of the registry was tried here', () => {
  expect([...tried].sort()).toEqual(faults.map((fault) => fault.name).sort());
});
