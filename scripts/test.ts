/**
 * `npm test`: everything that can run here. As root on Debian it installs what is missing (no time daemon, no ssh
 * server: those are unpacked into a cache by the tests themselves); otherwise it says exactly what to install and what
 * it leaves out. With CI=true nothing may be left out. Ends in one line: `N passed, N failed`.
 */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages, needs } from './debian-packages.ts';
import type { Outcome } from './outcome-reporter.ts';

const projects = ['unit', 'integration', 'browser', 'lab'] as const;
type Project = (typeof projects)[number];

interface LeftOut {
  readonly project: Project;
  readonly why: string;
}

const inCi = process.env.CI === 'true';
const isRoot = process.getuid?.() === 0;

function leftOutProjects(): readonly LeftOut[] {
  let missing = needs.filter((need) => !existsSync(need.provides));
  if (missing.length > 0 && isRoot && existsSync('/usr/bin/apt-get')) {
    const names = missing.map((need) => need.package);
    console.log(`installing Debian packages: ${names.join(' ')}`);
    installPackages(names);
    missing = missing.filter((need) => !existsSync(need.provides));
  }
  return projects
    .flatMap((project): LeftOut[] => {
      const lacking = missing.filter((need) => need.projects.includes(project)).map((need) => need.package);
      if (lacking.length > 0)
        return [{ project, why: `install ${lacking.join(' ')} (apt-get install ${lacking.join(' ')})` }];
      if (isRoot || project === 'unit' || project === 'browser') return [];
      return [{ project, why: 'network namespaces want root' }];
    })
    .concat(
      existsSync('/dev/net/tun') || !isRoot
        ? []
        : [{ project: 'lab', why: '/dev/net/tun is missing (modprobe tun)' }],
    );
}

/** Runs one vitest project; its own reporter goes to the terminal, what came of it to `file`. */
function runProject(project: Project, file: string): Outcome {
  const run = spawnSync(
    'vitest',
    [
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      `--reporter=${join(import.meta.dirname, 'outcome-reporter.ts')}`,
    ],
    {
      stdio: 'inherit',
      env: { ...process.env, OUTCOME_FILE: file, NO_COLOR: inCi ? '1' : process.env.NO_COLOR },
    },
  );
  const how = run.signal ?? run.error?.message ?? `exit code ${run.status}`;
  if (!existsSync(file))
    return { passed: 0, failures: [`vitest ended before it told what came of it: ${how}`] };
  const outcome: Outcome = JSON.parse(readFileSync(file, 'utf8'));
  if (run.status === 0 || outcome.failures.length > 0) return outcome;
  return { ...outcome, failures: [`vitest failed, and none of its tests: ${how}`] };
}

/**
 * The kernel and images of the lab's nodes take minutes the first time: they are built while the tests before it wait for
 * other things, and get way. Ends with this process. Whatever fails here the lab's own set-up does again, and says why.
 */
function buildLabEarly(): Promise<void> {
  const command = ['--pdeathsig', 'KILL', 'nice', '-n', '19', process.execPath, 'lab/main.ts', 'build'];
  const build = spawn('setpriv', command, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => {
    build.once('error', () => resolve());
    build.once('close', () => resolve());
  });
}

const only = process.argv.slice(2);
const leftOut = leftOutProjects().filter(({ project }) => only.length === 0 || only.includes(project));
const toRun = projects.filter(
  (project) =>
    (only.length === 0 || only.includes(project)) && !leftOut.some((item) => item.project === project),
);
const earlyBuild = toRun.includes('lab') ? buildLabEarly() : Promise.resolve();
const reports = mkdtempSync(join(tmpdir(), 'clockwarden-test-'));
let passed = 0;
const failures: string[] = [];
try {
  for (const project of toRun) {
    console.log(`\n# ${project}`);
    if (project === 'lab') await earlyBuild;
    const outcome = runProject(project, join(reports, `${project}.json`));
    passed += outcome.passed;
    failures.push(...outcome.failures.map((failure) => `${project}: ${failure}`));
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
for (const { project, why } of leftOut) {
  if (inCi) failures.push(`${project}: ${why}`);
  else console.log(`left out: ${project} tests: ${why}`);
}
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
