/** Package managers that fail: nothing is changed, or what was there is put back; and the message names the cause. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Action } from '@clockwarden/core/configure';
import type { NodeSpec } from '@clockwarden/core/inventory';
import { defaultSources } from '@clockwarden/core/policy';
import {
  debianPrograms,
  type PretendNode,
  redHatPrograms,
  startPretendNode,
} from '@clockwarden/testkit/pretend-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type NodeAgent, type NodeLogins, openAgent, openLogins, type StepResult } from '../index.ts';

let node: PretendNode;
let logins: NodeLogins;
let runs = 0;
const ok: StepResult = { ok: true };

async function start(programs: Readonly<Record<string, string>>): Promise<void> {
  node = await startPretendNode({ programs });
  logins = openLogins({ ...defaultSources.ssh, configFile: node.sshConfig, timeoutSeconds: 30 });
}
async function stop(): Promise<void> {
  await logins.close();
  await node.stop();
}

async function begun(
  actions: readonly Action[],
  inverses: readonly (Action | null)[] = [],
): Promise<NodeAgent> {
  const spec: NodeSpec = { name: 'node', address: 'node', roles: [], ssh: {}, origin: 'test' };
  const opened = await openAgent(spec, logins, new AbortController().signal);
  if (!opened.ok) throw new Error(opened.failure.text.en);
  runs += 1;
  const job = {
    run: `20260101T000000Z-${String(runs).padStart(4, '0')}`,
    operator: 'test',
    actions: actions.map((action, index) => ({ action, inverse: inverses[index] ?? null })),
    takeOver: false,
  };
  expect(await opened.agent.begin(job)).toEqual(ok);
  return opened.agent;
}

function lastJournalled(): string | undefined {
  const run = `20260101T000000Z-${String(runs).padStart(4, '0')}`;
  const journal = readFileSync(node.at(`/var/lib/clockwarden/runs/${run}/journal`), 'utf8');
  return journal.trim().split('\n').at(-1);
}

function reset(): void {
  for (const name of [
    'packages',
    'units',
    'fails',
    'also',
    'gone',
    'listed',
    'mirror-says',
    'behind',
    'asked',
    'account',
  ]) {
    rmSync(node.at(`/usr/local/state/${name}`), { recursive: true, force: true });
  }
  rmSync(node.at('/var/lib/clockwarden'), { recursive: true, force: true });
  mkdirSync(node.at('/usr/local/state/packages'));
  mkdirSync(node.at('/usr/local/state/units'));
}
const knows = (name: string, content = ''): void =>
  writeFileSync(node.at(`/usr/local/state/${name}`), content);
const installed = (): readonly string[] => readdirSync(node.at('/usr/local/state/packages')).sort();
const units = (): readonly string[] =>
  readdirSync(node.at('/usr/local/state/units')).filter((name) => !name.startsWith('.'));
const unit = (name: string): string =>
  readFileSync(node.at(`/usr/local/state/units/${name}.service`), 'utf8');
const asked = (): string => readFileSync(node.at('/usr/local/state/asked'), 'utf8');

const fetch: Action = { kind: 'fetch-packages', packages: ['chrony', 'systemd-timesyncd'] };
const install: Action = {
  kind: 'install-package',
  package: 'chrony',
  removes: ['systemd-timesyncd'],
  purge: [],
};
const back: Action = {
  kind: 'install-package',
  package: 'systemd-timesyncd',
  removes: ['chrony'],
  purge: ['chrony'],
};

describe('apt', () => {
  beforeAll(() => start(debianPrograms));
  afterAll(stop);
  beforeEach(() => {
    reset();
    knows('packages/systemd-timesyncd');
    knows('units/systemd-timesyncd.service', 'active\nenabled\n');
  });

  test('there and back, what came along included, without the network', async () => {
    const agent = await begun([fetch, install], [null, back]);
    expect(await agent.perform(0)).toEqual(ok);
    // Lists that do not know the package are renewed, once.
    expect(asked().match(/apt-get .* update/g)?.length).toBe(1);
    expect(await agent.perform(1)).toEqual(ok);
    expect([installed(), units()]).toEqual([['chrony', 'libnew'], ['chrony.service']]);
    expect(await agent.perform(1)).toEqual(ok);
    expect(await agent.undo(1)).toEqual(ok);
    expect([installed(), units()]).toEqual([['systemd-timesyncd'], ['systemd-timesyncd.service']]);
    const changes = asked()
      .split('\n')
      .filter((line) => /^apt-get .* install /.test(line) && !line.includes('--download-only'));
    for (const line of changes) expect(line).toContain('--no-download');
    await agent.finish('rolled-back');
    await agent.close();
    expect(existsSync(node.at('/var/lib/clockwarden/packages'))).toBe(false);
  });

  test('beside a daemon that no package brought, the new one waits until the clock is handed over', async () => {
    rmSync(node.at('/usr/local/state/packages/systemd-timesyncd'));
    rmSync(node.at('/usr/local/state/units/systemd-timesyncd.service'));
    knows('units/ntpd.service', 'active\nenabled\n');
    const agent = await begun([fetch, { ...install, removes: [] }]);
    expect(await agent.perform(0)).toEqual(ok);
    expect(await agent.perform(1)).toEqual(ok);
    expect(unit('chrony')).toBe('');
    expect(unit('ntpd')).toBe('active\nenabled\n');
    await agent.close();
  });

  test.each([
    ['that a time daemon has for its own goes with it', '_chrony', false],
    ['that somebody made meanwhile stays', 'deploy', true],
  ])('a user %s', async (_, name, stays) => {
    const bases = ['passwd', 'shadow', 'group', 'gshadow'].map((base) => node.at(`/etc/${base}`));
    const content = (): readonly string[] => bases.map((path) => readFileSync(path, 'utf8'));
    const before = content();
    knows('account', name);
    const agent = await begun([fetch, install], [null, back]);
    expect(await agent.perform(0)).toEqual(ok);
    expect(await agent.perform(1)).toEqual(ok);
    const between = content();
    expect(between.map((text) => text.includes(`\n${name}:`))).toEqual([true, true, true, true]);
    // Done again after a cut: what the first attempt brought is still not what was there.
    expect(await agent.perform(1)).toEqual(ok);
    expect(await agent.undo(1)).toEqual(ok);
    expect(content()).toEqual(stays ? between : before);
    await agent.finish('rolled-back');
    await agent.close();
  });

  test.each([
    [
      'E: Failed to fetch http://m/chrony.deb  Could not connect to m:80',
      /mirror does not answer: E: Failed to fetch/,
    ],
    ["E: Failed to fetch http://m/x  Temporary failure resolving 'm'", /resolves no names/],
    ["E: You don't have enough free space in /var/lib/clockwarden/packages/chrony/.", /disk is full/],
    [
      'E: Release file for http://m/Release is expired (invalid since 9d 1h).',
      /by the node's clock .*is expired \(invalid since 9d 1h\)\. If that clock is wrong/,
    ],
    [
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (unattended-upgr)',
      /lock: .*process 7 \(unattended-upgr\)/,
    ],
  ])('%s', async (said, told) => {
    knows('mirror-says', `${said}\n`);
    const agent = await begun([fetch]);
    expect(await agent.perform(0)).toMatchObject({
      ok: false,
      code: 'failed',
      text: { en: expect.stringMatching(told) },
    });
    expect([installed(), units()]).toEqual([['systemd-timesyncd'], ['systemd-timesyncd.service']]);
    await agent.close();
  });

  test('a clock that is behind keeps nobody from fetching, and no check is left out without need', async () => {
    knows('behind', 'E: Release file for http://m/Release is not valid yet (invalid for another 2d 18h).\n');
    const agent = await begun([fetch]);
    expect(await agent.perform(0)).toEqual(ok);
    const updates = asked().match(/apt-get .* update/g) ?? [];
    expect(updates.map((line) => line.includes('Check-Date=false'))).toEqual([false, true]);
    await agent.close();
  });

  test('more would go than was planned: nothing is changed', async () => {
    knows('also', 'kubelet\n');
    const agent = await begun([fetch, install]);
    expect(await agent.perform(0)).toEqual(ok);
    expect(await agent.perform(1)).toMatchObject({
      ok: false,
      text: { en: expect.stringMatching(/also remove kubelet: nothing/) },
    });
    expect([installed(), units()]).toEqual([['systemd-timesyncd'], ['systemd-timesyncd.service']]);
    await agent.close();
  });

  test('an installation that fails half-way is put back', async () => {
    knows(
      'fails',
      [
        'Unpacking chrony (4.3-2+deb12u3) ...',
        'Setting up chrony (4.3-2+deb12u3) ...',
        'groupadd: cannot lock /etc/group; try again later.',
        'dpkg: error processing package chrony (--configure):',
        ' installed chrony package post-installation script subprocess returned error exit status 82',
        'Errors were encountered while processing:',
        ' chrony',
        'E: Sub-process /usr/bin/dpkg returned an error code (1)',
        '',
      ].join('\n'),
    );
    const agent = await begun([fetch, install]);
    expect(await agent.perform(0)).toEqual(ok);
    expect(await agent.perform(1)).toMatchObject({
      ok: false,
      code: 'failed',
      text: {
        en: expect.stringMatching(
          /fails for chrony: groupadd: cannot lock \/etc\/group; try again later\. installed chrony package post-installation script/,
        ),
      },
    });
    expect([installed(), units()]).toEqual([['systemd-timesyncd'], ['systemd-timesyncd.service']]);
    // Put back whole: nothing of it is left for a rollback.
    expect(lastJournalled()).toBe('failed 1');
    await agent.finish('rolled-back');
    await agent.close();
  });

  test('what was not fetched is not installed', async () => {
    const agent = await begun([install]);
    expect(await agent.perform(0)).toMatchObject({ ok: false, text: { en: 'chrony was not fetched.' } });
    await agent.close();
  });
});

describe('dnf', () => {
  beforeAll(async () => {
    await start(redHatPrograms);
    // This machine's own is none of the node's.
    await node.enter('mount --bind /dev/null /usr/bin/apt-get');
  });
  afterAll(stop);
  beforeEach(reset);

  test('there and back, what came along included, without the network', async () => {
    const remove: Action = { kind: 'remove-package', package: 'chrony', purge: true };
    const agent = await begun(
      [
        { kind: 'fetch-packages', packages: ['chrony'] },
        { kind: 'install-package', package: 'chrony', removes: [], purge: [] },
      ],
      [null, remove],
    );
    writeFileSync(node.at('/etc/chrony.conf'), 'pool p\n');
    expect(await agent.perform(0)).toEqual(ok);
    expect(await agent.perform(1)).toEqual(ok);
    expect(installed()).toEqual(['chrony', 'libnew']);
    expect(asked()).toMatch(/dnf .*--disablerepo=\* install .*chrony-1.0.rpm .*libnew-1.0.rpm/);
    expect(await agent.undo(1)).toEqual(ok);
    expect([installed(), existsSync(node.at('/etc/chrony.conf'))]).toEqual([[], false]);
    await agent.finish('rolled-back');
    await agent.close();
  });

  test('a mirror that does not answer', async () => {
    knows('mirror-says', 'Error: Failed to download metadata for repo "base": Cannot download repomd.xml\n');
    const agent = await begun([{ kind: 'fetch-packages', packages: ['chrony'] }]);
    expect(await agent.perform(0)).toMatchObject({
      ok: false,
      text: { en: expect.stringMatching(/mirror does not answer/) },
    });
    await agent.close();
  });

  test('a package that no repository has', async () => {
    knows('mirror-says', 'Error: Unable to find a match: chrony\n');
    const agent = await begun([{ kind: 'fetch-packages', packages: ['chrony'] }]);
    expect(await agent.perform(0)).toMatchObject({
      ok: false,
      text: { en: 'No repository of the node has chrony.' },
    });
    await agent.close();
  });
});
