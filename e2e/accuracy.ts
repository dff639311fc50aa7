/** `npm run accuracy -- --write`: measures every source on every flavour of node, and writes docs/reference/accuracy.md. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { AccuracyLab, clockErrors, type Finding } from './accuracy/measure.ts';
import { accuracyPage } from './accuracy/page.ts';

const file = join(import.meta.dirname, '../docs/reference/accuracy.md');
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
  for await (const { findings: found, others } of accuracy.rounds(clockErrors)) {
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
if (process.argv.includes('--write') && !stopped) writeFileSync(file, page);
else console.log(page);
process.exitCode = bad > 0 || stopped ? 1 : 0;
