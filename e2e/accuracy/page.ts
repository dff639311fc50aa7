import type { Finding } from './measure.ts';

/** docs/reference/accuracy.md: what was found, in two tables. */
export function accuracyPage(findings: readonly Finding[], machine: string): string {
  const flavours = unique(findings.map((one) => one.flavour));
  const sources = unique(findings.flatMap((one) => one.readings.map((reading) => reading.source))).sort();
  const errors = unique(findings.map((one) => one.error.text));
  const readings = findings.flatMap((one) => one.readings);
  const held = readings.filter((reading) => reading.holds).length;
  const right = findings.filter((one) => one.verdict.wrong === null).length;
  return `# Accuracy, measured against real nodes

Written by \`npm run accuracy -- --write\`; do not edit. Each node of the [lab](../development/lab.md) was given each error in turn, three
nodes at a time, and \`clockwarden check --json\` was held against what the lab itself measured before and after it. Measured on ${machine};
widths depend on how busy the machine is, whether an interval holds the truth must not.

**${held} of ${readings.length} intervals hold the true offset; ${right} of ${findings.length} verdicts are right.**

## Intervals by flavour and source

Intervals that hold the truth, of how many; half their width: median, widest. "—": this source cannot read that node's clock. openntpd
tells whole seconds by NTP from 2036 on, so its intervals are a second wide there.

| Node | ${sources.join(' | ')} |
| --- |${sources.map(() => ' --- |').join('')}
${flavours
  .map(
    (flavour) => `| ${flavour} | ${sources.map((source) => cellOf(findings, flavour, source)).join(' | ')} |`,
  )
  .join('\n')}

## Verdicts by error

The reason that names the offset, on how many of ${flavours.length} flavours. Limits: control-plane nodes 50 ms, workers 200 ms, warning 30 s, critical 120 s.

| Error | Reasons | Right |
| --- | --- | --- |
${errors.map((error) => verdictRow(findings.filter((one) => one.error.text === error))).join('\n')}
`;
}

function cellOf(findings: readonly Finding[], flavour: string, source: string): string {
  const own = findings
    .filter((one) => one.flavour === flavour)
    .flatMap((one) => one.readings.filter((reading) => reading.source === source));
  if (own.length === 0) return '—';
  const widths = own.map(({ reported }) => (reported.high - reported.low) / 2).sort((a, b) => a - b);
  const held = own.filter((reading) => reading.holds).length;
  const middle = widths[widths.length >> 1] ?? 0;
  return `${held}/${own.length} ± ${milliseconds(middle)}, ± ${milliseconds(widths.at(-1) ?? 0)}`;
}

function verdictRow(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of findings) {
    const said = verdict.codes.join(' + ') || 'none';
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  const said = [...counts].map(([codes, count]) => `${codes} (${count})`).join(', ');
  const right = findings.filter((one) => one.verdict.wrong === null).length;
  return `| ${findings[0]?.error.text ?? ''} | ${said} | ${right}/${findings.length} |`;
}

/** Two significant digits: these widths are no constants of nature. */
function milliseconds(seconds: number): string {
  const value = seconds * 1000;
  return `${value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)} ms`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
