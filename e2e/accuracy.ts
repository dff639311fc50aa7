/**
 * `npm run accuracy -- --write`: measures every source on every flavour of node, and writes docs/reference/accuracy.md.
 * `--errors "1 ms,31 s"` takes some of the errors only, both signs of each: the whole table takes a quarter of an hour.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AccuracyLab, clockErrors, type Finding } from './accuracy/measure.ts';
import { accuracyPage } from './accuracy/page.ts';

const file = join(import.meta.dirname, '../docs/reference/accuracy.md');
const { values: options } = parseArgs({
  options: { write: { type: 'boolean', default: false }, errors: { type: 'string' } },
});
const sizes = options.errors?.split(',').map((size) => size.trim());
const errors = clockErrors.filter(({ text }) => sizes === undefined || sizes.includes(text.slice(1)));
const accuracy = new AccuracyLab();
const findings: Finding[] = [];
let bad = 0;

// Ctrl-C must not leave a cluster behind: the first one ends the measuring, and `finally` cleans up.
let stopped = false;
process.on('SIGINT', () => {
  stopped = true;
});

try {
  await accuracy.start();
  for await (const { findings: found, others } of accuracy.rounds(errors)) {
    findings.push(...found);
    for (const { flavour, error, readings, verdict } of found) {
      const broken = readings.filter((reading) => !reading.holds);
      for (const { source, reported, truth } of broken) {
        console.error(
          `${flavour} ${error.text} ${source}: [${reported.low}, ${reported.high}] excludes [${truth.low}, ${truth.high}]`,
        );
      }
      if (verdict.wrong !== null) console.error(`${flavour} ${error.text}: ${verdict.wrong}`);
      bad += broken.length + (verdict.wrong === null ? 0 : 1);
      const widths = readings.map(
        ({ source, reported }) =>
          `${source} ± ${(((reported.high - reported.low) / 2) * 1000).toFixed(1)} ms`,
      );
      console.log(
        `${flavour} ${error.text}: ${verdict.codes.join(', ') || 'no reason'}; ${widths.join(', ')}`,
      );
    }
    bad += others.readings.filter((reading) => !reading.holds).length;
    bad += others.verdicts.filter((verdict) => verdict.wrong !== null).length;
    if (stopped) break;
  }
} finally {
  await accuracy.remove();
}

const page = accuracyPage(findings, `${cpus().length} cores`);
if (options.write && !stopped) writeFileSync(file, page);
else console.log(page);
process.exitCode = bad > 0 || stopped ? 1 : 0;
