import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeNamespace } from '../namespace/index.ts';
import { isRoot, removeDirectory, run } from '../process/index.ts';

export interface Unpacked {
  /** One directory a package, in the order asked for. */
  readonly roots: readonly string[];
  /** What the programs need to find their own libraries and Python modules; empty when the machine has them all. */
  readonly env: Readonly<Record<string, string>>;
  /** The absolute path of a file given relative to the package's root, e.g. `usr/sbin/chronyd`. Throws when absent. */
  path(relative: string): string;
}

/**
 * Unpacks Debian packages below the user's cache and installs nothing. Libraries and Python modules that they depend on
 * and the machine lacks are unpacked into the same directory. A package already there is used as it is, so this works
 * without a network from the second time on. Several processes may ask at once.
 */
export async function unpackDebian(packages: readonly string[]): Promise<Unpacked> {
  const cache = cacheDirectory();
  if (packages.some((name) => cached(cache, name) === undefined)) {
    mkdirSync(cache, { recursive: true });
    await withLock(join(cache, '.lock'), async () => {
      for (const name of packages) if (cached(cache, name) === undefined) await fetchPackage(cache, name);
    });
  }
  const roots = packages.map((name) => {
    const root = cached(cache, name);
    if (root === undefined) throw new Error(`the package ${name} vanished from ${cache}`);
    return root;
  });
  return {
    roots,
    env: searchPaths(roots),
    path: (relative) => {
      const found = roots.map((root) => join(root, relative)).find((path) => existsSync(path));
      if (found === undefined) throw new Error(`no ${relative} in ${packages.join(', ')}`);
      return found;
    },
  };
}

function cacheDirectory(): string {
  const { CLOCKWARDEN_CACHE, XDG_CACHE_HOME } = process.env;
  return join(
    CLOCKWARDEN_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'clockwarden'),
    'debian',
  );
}

function cached(cache: string, name: string): string | undefined {
  if (!existsSync(cache)) return undefined;
  const versions = readdirSync(cache).filter((entry) => entry.startsWith(`${name}_`));
  const byAge = versions
    .map((entry) => join(cache, entry))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return byAge[0];
}

/** Holds the lock in a `flock` process, so that the kernel frees it however this process ends. */
async function withLock(file: string, work: () => Promise<void>): Promise<void> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      holder.once('error', (error) =>
        reject(new Error('flock (package util-linux) is missing', { cause: error })),
      );
      holder.once('exit', () => reject(new Error(`cannot lock ${file}`)));
      holder.stdout.once('data', () => resolve());
    });
    await work();
  } finally {
    holder.stdin.end();
  }
}

async function fetchPackage(cache: string, name: string): Promise<void> {
  await needTools();
  const records = await ensureLists(name);
  const staging = mkdtempSync(join(cache, `.unpacking-${process.pid}-`));
  try {
    const wanted = [name, ...(await missingDependencies(records))];
    await download(staging, wanted);
    for (const file of readdirSync(staging)) {
      if (!file.endsWith('.deb')) continue;
      const unpacked = await run('dpkg', ['-x', join(staging, file), join(staging, 'root')]);
      if (unpacked.code !== 0) throw new Error(`dpkg -x ${file}: ${unpacked.stderr}`);
    }
    await checkLibraries(name, join(staging, 'root'));
    const version = field(records, 'Version') ?? 'unknown';
    renameSync(join(staging, 'root'), join(cache, `${name}_${version.replaceAll(':', '%3a')}`));
  } finally {
    removeDirectory(staging);
  }
}

async function needTools(): Promise<void> {
  for (const tool of ['apt-get', 'dpkg']) {
    try {
      await run(tool, ['--version']);
    } catch (error) {
      throw new Error(`real daemons come from Debian packages: this machine has no ${tool}`, {
        cause: error,
      });
    }
  }
}

/** The candidate's control record, after `apt-get update` when the machine has never seen a package list. */
async function ensureLists(name: string): Promise<string> {
  const known = await show(name);
  if (known !== undefined) return known;
  await updateLists(name);
  const now = await show(name);
  if (now === undefined)
    throw new Error(`no package ${name} in the package lists; its archive may be unreachable`);
  return now;
}

async function updateLists(name: string): Promise<void> {
  if (!isRoot()) {
    throw new Error(
      `no package list knows ${name}: run as root \`apt-get update\`, or \`apt-get install ${name}\``,
    );
  }
  for (let attempt = 0; attempt < 60; attempt++) {
    const update = await run('apt-get', ['update', '-q'], { timeoutMs: 300_000, namespace: homeNamespace() });
    // Another apt holds the lock; one unreachable archive among several is not our business.
    if (!/Could not get lock|Unable to lock/.test(update.stderr)) return;
    await sleep(2_000);
  }
}

async function show(name: string): Promise<string | undefined> {
  const shown = await run('apt-cache', ['show', '--no-all-versions', name]);
  return shown.code === 0 && field(shown.stdout, 'Version') !== undefined ? shown.stdout : undefined;
}

function field(record: string, key: string): string | undefined {
  return new RegExp(`^${key}: (.*)$`, 'm').exec(record)?.[1];
}

async function download(directory: string, packages: readonly string[]): Promise<void> {
  const args = ['download', '-q', '-o', 'APT::Sandbox::User=root', ...packages];
  // A test that has entered a namespace sees no archive from there.
  const options = { cwd: directory, timeoutMs: 300_000, namespace: homeNamespace() };
  let result = await run('apt-get', args, options);
  if (result.code !== 0 && isRoot()) {
    // Lists older than the archive name versions that are gone from it.
    await updateLists(packages[0] ?? '');
    result = await run('apt-get', args, options);
  }
  if (result.code !== 0) {
    throw new Error(`cannot download ${packages.join(' ')}: ${result.stderr}\nRun as root: apt-get update`);
  }
}

/** Libraries and Python modules below `record`'s Depends, at any depth, that are not installed here. */
async function missingDependencies(record: string): Promise<string[]> {
  const listed = await run('dpkg', ['-l'], { env: { COLUMNS: '400' } });
  const installed = new Set(
    listed.stdout
      .split('\n')
      .filter((line) => line.startsWith('ii'))
      .map((line) => line.split(/[\s:]+/)[1]),
  );
  const missing = new Set<string>();
  const records = [record];
  for (let next = records.pop(); next !== undefined; next = records.pop()) {
    for (const choice of alternatives(next)) {
      const name = choice[0];
      if (name === undefined || missing.has(name) || choice.some((other) => installed.has(other))) continue;
      if (!/^(lib|python3-)/.test(name)) continue;
      const found = await show(name);
      if (found === undefined) continue;
      missing.add(name);
      records.push(found);
    }
  }
  return [...missing];
}

function alternatives(record: string): string[][] {
  const depends = [field(record, 'Pre-Depends'), field(record, 'Depends')].filter(
    (list) => list !== undefined,
  );
  return depends
    .flatMap((list) => list.split(','))
    .map((group) => group.split('|').map((one) => one.trim().replace(/[ :(].*$/, '')));
}

async function checkLibraries(name: string, root: string): Promise<void> {
  for (const program of programs(root)) {
    const linked = await run('ldd', [program], { env: searchPaths([root]) });
    const absent = linked.stdout.split('\n').filter((line) => line.includes('not found'));
    if (absent.length > 0) {
      throw new Error(
        `${name}: ${program} lacks ${absent.map((line) => line.trim().split(' ')[0]).join(', ')}`,
      );
    }
  }
}

function programs(root: string): string[] {
  return ['usr/bin', 'usr/sbin', 'bin', 'sbin']
    .map((directory) => join(root, directory))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => readdirSync(directory).map((file) => join(directory, file)))
    .filter(
      (file) =>
        existsSync(file) && readFileSync(file).subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1')),
    );
}

/** Of a program's own, as usr/lib/sudo. */
function holdsLibraries(directory: string): boolean {
  return (
    statSync(directory).isDirectory() && readdirSync(directory).some((name) => /^lib.*\.so\.\d/.test(name))
  );
}

function searchPaths(roots: readonly string[]): Record<string, string> {
  const libraries = roots.flatMap((root) =>
    ['usr/lib', 'usr/libexec', 'lib']
      .map((directory) => join(root, directory))
      .filter((directory) => existsSync(directory))
      .flatMap((directory) => readdirSync(directory).map((entry) => join(directory, entry)))
      .filter((directory) => directory.includes('-linux-gnu') || holdsLibraries(directory)),
  );
  const modules = roots
    .map((root) => join(root, 'usr/lib/python3/dist-packages'))
    .filter((directory) => existsSync(directory));
  return {
    ...(libraries.length > 0 && { LD_LIBRARY_PATH: libraries.join(':') }),
    ...(modules.length > 0 && { PYTHONPATH: modules.join(':') }),
  };
}
