/**
 * npm run fuzz [-- --inputs N --only NAME --seed S --from N --limit-ms N --jobs N]
 * A million hostile inputs for each parser. Ends with 1 when one of them crashed, hung or kept memory; the input is
 * written to a file and the command that repeats it is printed.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { attackWatched, type FoundTarget, findTargets } from '../packages/testkit/fuzz/index.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
    'limit-ms': { type: 'string', default: '1000' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});

const root = fileURLToPath(new URL('..', import.meta.url));
const seed = values.seed === undefined ? Date.now() % 1_000_000_007 : wholeNumber('seed', values.seed);
const plan = {
  seed,
  from: wholeNumber('from', values.from),
  inputs: wholeNumber('inputs', values.inputs),
  limitMs: wholeNumber('limit-ms', values['limit-ms']),
};
const all = await findTargets(root);
const queue = all.filter(({ target }) => values.only === undefined || target.name === values.only);
if (queue.length === 0) {
  console.error(`no such parser; there are: ${all.map(({ target }) => target.name).join(', ')}`);
  process.exit(64);
}
console.log(`${queue.length} parsers, ${plan.inputs} inputs each, --seed ${seed}`);

let findings = 0;
async function worker(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await fuzzOne(next);
}
await Promise.all(Array.from({ length: Math.max(1, wholeNumber('jobs', values.jobs)) }, worker));
process.exitCode = findings === 0 ? 0 : 1;

async function fuzzOne(found: FoundTarget): Promise<void> {
  const started = performance.now();
  const finding = await attackWatched(root, found, plan);
  const { name } = found.target;
  const seconds = (performance.now() - started) / 1000;
  if (finding === null) {
    console.log(`ok    ${name}  ${seconds.toFixed(1)} s, ${Math.round(plan.inputs / seconds)} inputs/s`);
    return;
  }
  findings++;
  const file = join(mkdtempSync(join(tmpdir(), 'clockwarden-fuzz-')), `${name}.bin`);
  writeFileSync(file, finding.input);
  console.log(`FOUND ${name}  ${finding.kind} at input ${finding.index}: ${finding.detail}`);
  console.log(`      input: ${file}`);
  console.log(
    `      again: npm run fuzz -- --only ${name} --seed ${seed} --from ${finding.index} --inputs 1`,
  );
}

function wholeNumber(option: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${option}: a whole number is wanted, not ${value}`);
  process.exit(64);
}
