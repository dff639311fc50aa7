/** What `render` writes, put on real nodes without Clockwarden: as a person, cloud-init and Ignition would. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockUnits } from '@clockwarden/core/configure';
import { TestLab } from '@clockwarden/lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

const lab = new TestLab('render');
const folder = mkdtempSync(join(tmpdir(), 'clockwarden-render-'));
const config = join(folder, 'clockwarden.yaml');
const main = join(import.meta.dirname, '../main.ts');
/** RHEL's layout, where chronyd finds its user by chrony.conf alone; and a Debian that comes with timesyncd. */
const [EL, DEBIAN] = ['node1', 'node2'] as const;

beforeAll(async () => {
  await lab.must('up', '--nodes', '2', '--image', 'el-like,timesyncd');
});
afterAll(async () => {
  await lab.remove();
  rmSync(folder, { recursive: true, force: true });
});

function wanted(mode: 'chrony' | 'timesyncd'): void {
  writeFileSync(
    config,
    `name: lab
nodes: [{name: ${EL}, address: 10.99.0.11}, {name: ${DEBIAN}, address: 10.99.0.12}]
sources: {ssh: {configFile: ${join(lab.directory, 'ssh_config')}, timeout: 60s}}
timesync: {mode: ${mode}, topology: direct, upstreams: [10.99.0.201, 10.99.0.202, 10.99.0.203]}
`,
  );
}

async function clockwarden(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const line = [process.execPath, main, '--lang', 'en', '--config', config, ...args];
  const { code, stdout, stderr } = await lab.inside(line);
  if (code === null || code > 1) throw new Error(`${args.join(' ')} → ${code}\n${stdout}${stderr}`);
  return { code, stdout };
}

async function must(name: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await lab.on(name, script);
  if (code !== 0) throw new Error(`${name}: ${script} → ${code}\n${stdout}${stderr}`);
  return stdout;
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

async function put(name: string, path: string, content: string, mode: string, owner: string): Promise<void> {
  const encoded = Buffer.from(content).toString('base64');
  const [user, group] = owner.split(':');
  await must(
    name,
    `echo ${encoded} | base64 -d | install -D -m ${mode} -o ${user} -g ${group} /dev/stdin ${path}`,
  );
}

/** Units with the clock in hand, of all that there are. */
async function owners(name: string): Promise<string> {
  const script = `for unit in ${clockUnits.join(' ')}; do systemctl is-active -q $unit && systemctl show -p Id --value $unit; done | sort -u`;
  return (await must(name, `${script}; true`)).trim().split('\n').join(' ');
}

/** As cloud-init does it at a first boot: packages, deferred files, runcmd. */
async function cloudInit(name: string): Promise<void> {
  const { stdout } = await clockwarden('render', '--ask-nodes', '-f', 'cloud-init', name);
  const data = parse(stdout, { version: '1.1' });
  await must(
    name,
    `apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --option=Dpkg::Options::=--force-confold install ${data.packages.join(' ')}`,
  );
  for (const file of data.write_files) await put(name, file.path, file.content, file.permissions, file.owner);
  for (const command of data.runcmd) await must(name, command.map(quoted).join(' '));
}

test('after the files of asked nodes were installed by others, a plan has nothing left to do', async () => {
  wanted('chrony');
  await clockwarden('render', '--ask-nodes', EL, '--out', folder);
  const conf = readFileSync(join(folder, EL, 'etc/chrony.conf'), 'utf8');
  expect(conf).toMatch(/^user chrony$/m);
  await put(EL, '/etc/chrony.conf', conf, '0644', 'root:root');
  await must(EL, 'systemctl restart chronyd');
  await cloudInit(DEBIAN);
  expect(await owners(EL)).toBe('chronyd.service');
  expect(await owners(DEBIAN)).toBe('chrony.service');
  const { code, stdout } = await clockwarden('plan', '--json');
  const nodes: readonly { readonly name: string; readonly actions: readonly unknown[] }[] =
    JSON.parse(stdout).nodes;
  expect(nodes.map(({ name, actions }) => [name, actions])).toEqual([
    [EL, []],
    [DEBIAN, []],
  ]);
  expect(code).toBe(0);
});

interface IgnitionUnit {
  readonly name: string;
  readonly dropins?: readonly { readonly name: string; readonly contents: string }[];
}

/** The drop-ins of the Ignition document. */
async function dropIns(name: string): Promise<void> {
  const { stdout } = await clockwarden('render', '-f', 'ignition', name);
  const units: readonly IgnitionUnit[] = JSON.parse(stdout).systemd.units;
  for (const unit of units) {
    for (const dropin of unit.dropins ?? []) {
      await put(
        name,
        `/etc/systemd/system/${unit.name}.d/${dropin.name}`,
        dropin.contents,
        '0644',
        'root:root',
      );
    }
  }
}

test('timesyncd takes the clock over; by the drop-ins the other daemon runs only where the wanted one is not', async () => {
  wanted('timesyncd');
  await cloudInit(DEBIAN);
  expect(await owners(DEBIAN)).toBe('systemd-timesyncd.service');
  // Each node gets what is wanted where its own daemon is the other one, and a program that stands for the wanted.
  await dropIns(EL);
  await must(EL, 'install -D -m 755 /bin/true /usr/lib/systemd/systemd-timesyncd && sync');
  wanted('chrony');
  await dropIns(DEBIAN);
  await must(DEBIAN, 'install -m 755 /bin/true /usr/sbin/chronyd && sync');
  await lab.powerCycle([EL, DEBIAN]);
  expect([await owners(EL), await owners(DEBIAN)]).toEqual(['', '']);
  await must(EL, 'rm /usr/lib/systemd/systemd-timesyncd && sync');
  await must(DEBIAN, 'rm /usr/sbin/chronyd && sync');
  await lab.powerCycle([EL, DEBIAN]);
  expect([await owners(EL), await owners(DEBIAN)]).toEqual(['chronyd.service', 'systemd-timesyncd.service']);
});
