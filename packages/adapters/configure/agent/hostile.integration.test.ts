/** Every word of every action is replaced by values that would do harm where one met a shell, a path or an option. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { unpackDebian } from '@clockwarden/testkit/daemons';
import { type PretendNode, startPretendNode } from '@clockwarden/testkit/pretend-node';
import { run } from '@clockwarden/testkit/process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentScript } from './script.ts';

let node: PretendNode;
let busybox: string;
beforeAll(async () => {
  node = await startPretendNode();
  busybox = (await unpackDebian(['busybox-static'])).path('bin/busybox');
  mkdirSync(node.at('/var/lib/clockwarden/runs/r'), { recursive: true });
  mkdirSync(node.at('/var/lib/clockwarden/pristine'));
});
afterAll(() => node.stop());

/** Its existence is the proof that something ran. */
const CANARY = '/usr/local/state/ran';

const hostile: readonly string[] = [
  `$(touch ${CANARY})`,
  `\`touch ${CANARY}\``,
  `"; touch ${CANARY}; "`,
  `'; touch ${CANARY}; '`,
  `x; touch ${CANARY}`,
  `x | touch ${CANARY}`,
  `x\ntouch ${CANARY}`,
  'chrony.service\n',
  '\nchrony',
  `\${PATH}`,
  '-rf',
  '--help',
  '..',
  '/etc/../root/x',
  '/etc/cron.d/../../root/x',
  '/etc//x',
  '/etc/x/',
  '/root/.ssh/authorized_keys',
  '*',
  '/etc/*',
  '/etc/?',
  '/etc/[a-z]',
  'a b',
  'a\tb',
  ' ',
  'chrony\u0000',
  'chrony\u0001',
  'сhrony',
  '时间.service',
  '\u202e',
  'x'.repeat(5000),
];

const word = (value: string): string => (value === '' ? '-' : Buffer.from(value).toString('base64'));

/** A function of the agent, words that it takes, and what each is; words without a kind have a test of their own. */
const rows: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'do_fetch_packages',
    [
      ['package', 'chrony'],
      ['package', 'ntpsec'],
    ],
  ],
  [
    'do_install_package',
    [
      ['package', 'chrony'],
      ['count', '1'],
      ['package', 'ntpsec'],
      ['package', 'ntpsec'],
    ],
  ],
  [
    'do_remove_package',
    [
      ['package', 'chrony'],
      ['flag', 'yes'],
    ],
  ],
  [
    'do_configure_daemon',
    [
      ['daemon', 'chronyd'],
      ['unit', 'chrony.service'],
      ['path', '/etc/cron.d/a.conf'],
      ['state', 'file'],
      ['mode', '644'],
      ['account', 'root'],
      ['account', 'root'],
      ['', 'content'],
      ['path', '/etc/cron.d/b.conf'],
      ['state', 'link'],
      ['', '/etc'],
      ['', ''],
      ['', ''],
      ['', ''],
    ],
  ],
  [
    'do_set_units',
    [
      ['unit', 'chrony.service'],
      ['flag', 'yes'],
      ['flag', 'yes'],
      ['flag', 'no'],
      ['unit', 'ntp.service'],
      ['flag', 'no'],
      ['flag', 'no'],
      ['flag', 'no'],
    ],
  ],
  [
    'do_put_file',
    [
      ['path', '/etc/cron.d/x'],
      ['state', 'file'],
      ['mode', '644'],
      ['account', 'root'],
      ['account', 'root'],
      ['', 'content'],
    ],
  ],
  [
    'do_resync',
    [
      ['daemon', 'chronyd'],
      ['unit', 'chrony.service'],
    ],
  ],
];

interface Case {
  readonly line: string;
  readonly refused: string;
}

/** Every value for the first word of each kind, a share of them for each other word: a case costs a handful of processes. */
function cases(): readonly Case[] {
  const seen = new Set<string>();
  return rows.flatMap(([name, words]) =>
    words.flatMap(([kind], at) => {
      if (kind === '') return [];
      const isFirst = !seen.has(kind);
      seen.add(kind);
      return [...hostile, '']
        .filter((_, index) => isFirst || index % 6 === at % 6)
        .map((value) => ({
          line: [name, ...words.map(([, good], index) => word(index === at ? value : good))].join(' '),
          refused: `@refused ${kind} ${word(value)}`,
        }));
    }),
  );
}

const harness = `set -f
PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
run=r
index=0
direction=do
try() {
  perform=$1
  shift
  "$perform" "$@"
}
while read -r line; do
  reason=$(try $line 2>&1 >/dev/null </dev/null)
  echo "$? $reason"
done </usr/local/state/lines
`;

async function attempts(shell: string, lines: readonly string[]): Promise<readonly string[]> {
  writeFileSync(node.at('/usr/local/state/lines'), `${lines.join('\n')}\n`);
  writeFileSync(node.at('/usr/local/state/harness'), agentScript.replace(/main "\$@"\nexit\n$/, harness));
  const { stdout } = await run('ssh', ['-F', node.sshConfig, 'node', `${shell} /usr/local/state/harness`], {
    timeoutMs: 110_000,
  });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.trimEnd()]));
}

test.each([['dash'], ['bash'], ['busybox']])(
  'no word of an action is run, split or followed: %s',
  async (name) => {
    const before = readdirSync(node.at('/etc/cron.d'));
    // The patterns are the same in every shell, and a case costs six processes: the others take a share of the table.
    const table = cases().filter((_, index) => name === 'dash' || index % 7 === 0);
    const said = await attempts(
      name === 'busybox' ? `${busybox} ash` : name,
      table.map(({ line }) => line),
    );
    expect(said.length).toBe(table.length);
    for (const [index, { line, refused }] of table.entries()) {
      expect(`${line} → ${said[index]}`).toBe(`${line} → 1 ${refused}`);
    }
    expect(existsSync(node.at(CANARY))).toBe(false);
    // To look at a unit changes none.
    const asked = existsSync(node.at('/usr/local/state/asked'))
      ? readFileSync(node.at('/usr/local/state/asked'), 'utf8')
      : '';
    expect(asked.split('\n').filter((line) => line !== '' && !line.startsWith('systemctl show '))).toEqual(
      [],
    );
    expect(readdirSync(node.at('/etc/cron.d'))).toEqual(before);
  },
);

test('content and the target of a link are carried literally, or refused', async () => {
  const put = (path: string, words: readonly string[]): string =>
    ['do_put_file', word(path), ...words.map(word)].join(' ');
  const at = (index: number): string => `/etc/cron.d/x${index}`;
  const contents = hostile.map((value, index) => put(at(index), ['file', '640', 'root', 'root', value]));
  expect(await attempts('dash', contents)).toEqual(hostile.map(() => '0'));
  expect(hostile.map((_, index) => readFileSync(node.at(at(index)), 'utf8'))).toEqual(hostile);
  const targets = hostile.filter((one) => /[^A-Za-z0-9:_.@+~/-]|^-|x{5000}/.test(one));
  const links = targets.map((target, index) => put(at(index), ['link', target, '', '', '']));
  expect(await attempts('dash', links)).toEqual(targets.map((target) => `1 @refused target ${word(target)}`));
  const nowhere = put(at(0), ['link', '/usr/share/zoneinfo/Nowhere', '', '', '']);
  expect(await attempts('dash', [nowhere])).toEqual([
    '1 @no-target /etc/cron.d/x0 -> /usr/share/zoneinfo/Nowhere',
  ]);
  expect(existsSync(node.at(CANARY))).toBe(false);
});
