/** What uPlot is told for each of the three pictures of a node's past. */
import type uPlot from 'uplot';
import { axesOf, dateIn } from '../../charts/axes.ts';
import type { Tokens } from '../../charts/tokens.ts';
import { secondsLabels } from '../../charts/value-labels.ts';

/** One cursor across all three. */
const SYNC_KEY = 'node-history';

type Options = Omit<uPlot.Options, 'width' | 'height'>;

interface Common {
  readonly tokens: Tokens;
  readonly zone: string;
  readonly from: number;
  readonly to: number;
}

export interface OffsetChart extends Common {
  readonly extent: { readonly low: number; readonly high: number } | null;
  /** Limits to draw, seconds, each on both sides of zero. */
  readonly limits: readonly { readonly seconds: number; readonly severity: 'warning' | 'critical' }[];
  /** Unix seconds of clock steps. */
  readonly steps: readonly number[];
}

export function offsetOptions(chart: OffsetChart): Options {
  const { tokens, extent } = chart;
  return {
    ...common(chart, secondsLabels),
    scales: {
      x: { time: true, range: () => [chart.from, chart.to] },
      y: { range: () => (extent === null ? [-1e-3, 1e-3] : [extent.low, extent.high]) },
    },
    series: [{}, bound(), bound(), { stroke: tokens.accent, width: 1.5, points: { show: false } }],
    bands: [{ series: [2, 1], fill: withAlpha(tokens.accent, '2e') }],
    hooks: {
      drawClear: [(self) => drawLimits(self, chart)],
      draw: [(self) => drawSteps(self, chart)],
    },
  };
}

export function frequencyOptions(chart: Common): Options {
  return {
    ...common(chart, (ticks) => ticks.map((tick) => `${Number(tick.toPrecision(6))} ppm`)),
    scales: { x: { time: true, range: () => [chart.from, chart.to] }, y: { auto: true } },
    series: [{}, { stroke: chart.tokens.ink, width: 1.25, points: { show: false } }],
  };
}

export function reachOptions(chart: Common): Options {
  return {
    ...common(chart, (ticks) => ticks.map((tick) => (tick % 4 === 0 ? `${tick} / 8` : ''))),
    scales: { x: { time: true, range: () => [chart.from, chart.to] }, y: { range: () => [-0.2, 8.4] } },
    series: [{}, { stroke: chart.tokens.ink, width: 1.25, points: { show: false } }],
  };
}

function common({ tokens, zone }: Common, format: (ticks: number[]) => string[]): Omit<Options, 'series'> {
  return {
    axes: axesOf(tokens, zone, format),
    legend: { show: false },
    tzDate: dateIn(zone),
    cursor: { sync: { key: SYNC_KEY }, points: { show: false } },
    padding: [8, 8, 0, 0],
  };
}

function bound(): uPlot.Series {
  return { stroke: 'transparent', points: { show: false } };
}

/** Limits inside the picture: the part beyond them is shaded, under the data. */
function drawLimits(self: uPlot, { limits, tokens, extent }: OffsetChart): void {
  if (extent === null) return;
  const { ctx: context } = self;
  const { left, top, width, height } = self.bbox;
  for (const { seconds, severity } of limits) {
    const tint = severity === 'critical' ? tokens.criticalTint : tokens.warningTint;
    const line = tokens.status[severity];
    const [upper, lower] = [self.valToPos(seconds, 'y', true), self.valToPos(-seconds, 'y', true)];
    context.fillStyle = tint;
    if (seconds < extent.high) context.fillRect(left, top, width, Math.min(height, upper - top));
    if (-seconds > extent.low) {
      const from = Math.max(top, lower);
      context.fillRect(left, from, width, top + height - from);
    }
    context.fillStyle = line;
    for (const y of [upper, lower]) {
      if (y >= top && y <= top + height) context.fillRect(left, y, width, 1);
    }
  }
}

/** A step of the clock is a vertical mark, not a slope of the line. */
function drawSteps(self: uPlot, { steps, tokens }: OffsetChart): void {
  const { ctx: context } = self;
  const { left, top, width, height } = self.bbox;
  context.save();
  context.strokeStyle = tokens.ink;
  context.fillStyle = tokens.ink;
  context.setLineDash([4, 3]);
  for (const at of steps) {
    const x = self.valToPos(at, 'x', true);
    if (x < left || x > left + width) continue;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    context.beginPath();
    context.moveTo(x - 5, top);
    context.lineTo(x + 5, top);
    context.lineTo(x, top + 8);
    context.fill();
  }
  context.restore();
}

/** `#rrggbb` with two digits of alpha. */
function withAlpha(colour: string, alpha: string): string {
  return `${colour}${alpha}`;
}
