/** What uPlot is told for each of the three pictures of a node's past. */
import type uPlot from 'uplot';
import { type AxisZone, axesOf, dateIn, nameRows } from '../../charts/axes.ts';
import type { Tokens } from '../../charts/tokens.ts';
import { secondsLabels } from '../../charts/value-labels.ts';

/** One cursor across all three. */
const SYNC_KEY = 'node-history';

type Options = Omit<uPlot.Options, 'width' | 'height'>;

interface Look {
  readonly tokens: Tokens;
  readonly time: AxisZone;
}

/** What changes with the data: asked for at every drawing, so that new data need no new chart under a hand that drags. */
export interface HistoryView {
  readonly from: number;
  readonly to: number;
  readonly extent: { readonly low: number; readonly high: number } | null;
  /** Limits to draw, seconds, each on both sides of zero. */
  readonly limits: readonly { readonly seconds: number; readonly severity: 'warning' | 'critical' }[];
  /** Unix seconds of clock steps. */
  readonly steps: readonly number[];
}

export function offsetOptions(look: Look, view: () => HistoryView): Options {
  const { tokens } = look;
  const extent = (): [number, number] => {
    const held = view().extent;
    return held === null ? [-1e-3, 1e-3] : [held.low, held.high];
  };
  const base = common(look, secondsLabels);
  return {
    ...base,
    scales: {
      x: timeScale(view),
      y: { range: extent },
    },
    series: [{}, bound(), bound(), { stroke: tokens.accent, width: 1.5, points: { show: false } }],
    bands: [{ series: [2, 1], fill: withAlpha(tokens.accent, '2e') }],
    hooks: {
      ...base.hooks,
      drawClear: [(self) => drawLimits(self, view(), tokens)],
      draw: [(self) => drawSteps(self, view(), tokens)],
    },
  };
}

export function frequencyOptions(look: Look, view: () => HistoryView): Options {
  return {
    ...common(look, (ticks) => ticks.map((tick) => `${Number(tick.toPrecision(6))} ppm`.replace('-', '−'))),
    scales: { x: timeScale(view), y: { auto: true } },
    series: [{}, { stroke: look.tokens.ink, width: 1.25, points: { show: false } }],
  };
}

export function reachOptions(look: Look, view: () => HistoryView): Options {
  return {
    ...common(look, (ticks) => ticks.map((tick) => (tick % 4 === 0 ? `${tick} / 8` : ''))),
    scales: { x: timeScale(view), y: { range: () => [-0.2, 8.4] } },
    series: [{}, { stroke: look.tokens.ink, width: 1.25, points: { show: false } }],
  };
}

function timeScale(view: () => HistoryView): uPlot.Scale {
  return { time: true, range: () => [view().from, view().to] };
}

function common({ tokens, time }: Look, format: (ticks: number[]) => string[]): Omit<Options, 'series'> {
  return {
    axes: axesOf(tokens, time, format),
    hooks: { drawAxes: [(self) => nameRows(self, tokens, time)] },
    legend: { show: false },
    tzDate: dateIn(time.zone),
    cursor: { sync: { key: SYNC_KEY, filters: { pub: isMove, sub: isMove } }, points: { show: false } },
    padding: [8, 28, 0, 0],
  };
}

/** The cursor is shared, a selection is not: it would zoom once for each chart. */
function isMove(type: string): boolean {
  return type === 'mousemove' || type === 'mouseleave';
}

function bound(): uPlot.Series {
  return { stroke: 'transparent', points: { show: false } };
}

/** Limits inside the picture: the part beyond them is shaded, under the data. */
function drawLimits(self: uPlot, { limits, extent }: HistoryView, tokens: Tokens): void {
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
function drawSteps(self: uPlot, { steps }: HistoryView, tokens: Tokens): void {
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
