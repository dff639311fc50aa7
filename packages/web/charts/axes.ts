import uPlot from 'uplot';
import { momentLabels } from './moment-labels.ts';
import type { Tokens } from './tokens.ts';

/** The two axes that every series has: time in the chosen zone below, values in their unit at the left. */
export function axesOf(tokens: Tokens, zone: string, format: (ticks: number[]) => string[]): uPlot.Axis[] {
  const common = {
    stroke: tokens.soft,
    font: `12px ${tokens.sans}`,
    grid: { stroke: tokens.line, width: 1 },
    ticks: { stroke: tokens.line, width: 1, size: 4 },
  };
  return [
    { ...common, space: 72, values: (_, splits) => momentLabels(splits, zone) },
    { ...common, size: 84, space: 28, values: (_, splits) => format(splits) },
  ];
}

/** Splits of the time axis fall on round times of the zone. */
export function dateIn(zone: string): (seconds: number) => Date {
  return (seconds) => uPlot.tzDate(new Date(seconds * 1_000), zone);
}
