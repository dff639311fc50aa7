/** Type-checks every project of the workspace; one compiler process each, so that core is held to no types and ES2023 only. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

const projects = [
  ...readdirSync('packages').map((name) => `packages/${name}/tsconfig.json`),
  'tsconfig.json',
].filter((path) => existsSync(path));

let failed = 0;
for (const project of projects) {
  const run = spawnSync('tsc', ['-p', project, '--pretty'], { stdio: 'inherit' });
  if (run.status !== 0) failed += 1;
}
console.log(`type-check: ${projects.length} projects, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
