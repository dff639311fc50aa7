/**
 * `npm test`: everything that can run here. As root on Debian it installs what is missing (no time daemon, no ssh
 * server: those are unpacked into a cache by the tests themselves); otherwise it says exactly what to install and what
 * it leaves out. With CI=true nothing may be left out. Ends in one line: `N passed, N failed`.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages, needs } from './debian-packages.ts';

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

interface Counts {
  passed: number;
  failed: number;
}

/** Runs one vitest project; its own reporter goes to the terminal, its counts come from the JSON report. */
function runProject(project: Project, reports: string): Counts {
  const report = join(reports, `${project}.json`);
  const run = spawnSync(
    'vitest',
    [
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { stdio: 'inherit', env: { ...process.env, NO_COLOR: inCi ? '1' : process.env.NO_COLOR } },
  );
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  ) as {
    numPassedTests: number;
    numFailedTests: number;
    numFailedTestSuites: number;
  };
  // A file that does not even load has failed suites and no failed tests; a crash after the tests has neither.
  const failed = Math.max(numFailedTests, numFailedTestSuites > 0 && numFailedTests === 0 ? 1 : 0);
  return { passed: numPassedTests, failed: run.status === 0 ? failed : Math.max(1, failed) };
}

const only = process.argv.slice(2);
const leftOut = leftOutProjects().filter(({ project }) => only.length === 0 || only.includes(project));
const reports = mkdtempSync(join(tmpdir(), 'clockwarden-test-'));
const total: Counts = { passed: 0, failed: 0 };
try {
  for (const project of projects) {
    if (only.length > 0 && !only.includes(project)) continue;
    if (leftOut.some((item) => item.project === project)) continue;
    console.log(`\n# ${project}`);
    const counts = runProject(project, reports);
    total.passed += counts.passed;
    total.failed += counts.failed;
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
for (const { project, why } of leftOut)
  console.log(`${inCi ? 'failed' : 'left out'}: ${project} tests: ${why}`);
if (inCi) total.failed += leftOut.length;
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
