import uPlot from 'uplot';
import { momentLabels } from './moment-labels.ts';
import type { Tokens } from './tokens.ts';

/** In which zone a time axis stands. */
export interface AxisZone {
  /** IANA name. */
  readonly zone: string;
  /**
   * What its row is called beside that of UTC: `+08:00`, empty where the clocks are set inside the range; null where the
   * zone is UTC, which then has the only row.
   */
  readonly rowName: string | null;
}

const TICK = 4;
const GAP = 5;
/** Height of the row of times in the zone, and of the quieter one of UTC below it. */
const ZONE_ROW = 25;
const UTC_ROW = 17;
/** Width of what stands left of the picture. */
const LEFT = 84;
/** Room for a label with its date beside another. */
const LABEL_SPACE = 84;

/** The axes that every series has: time below, in the zone and in UTC, and values in their unit at the left. */
export function axesOf(
  tokens: Tokens,
  { zone, rowName }: AxisZone,
  format: (ticks: number[]) => string[],
): uPlot.Axis[] {
  const common = {
    stroke: tokens.soft,
    font: `12px ${tokens.sans}`,
    grid: { stroke: tokens.line, width: 1 },
    ticks: { stroke: tokens.line, width: 1, size: TICK },
  };
  const time: uPlot.Axis = {
    ...common,
    stroke: tokens.ink,
    gap: GAP,
    size: ZONE_ROW,
    space: LABEL_SPACE,
    values: (_, splits) => momentLabels(splits, zone),
  };
  const values: uPlot.Axis = { ...common, size: LEFT, space: 28, values: (_, splits) => format(splits) };
  if (rowName === null) return [time, values];
  const utc: uPlot.Axis = {
    ...time,
    ...quiet(tokens),
    scale: 'x',
    side: 2,
    gap: 0,
    size: UTC_ROW,
    grid: { show: false },
    ticks: { show: false },
    values: (_, splits) => momentLabels(splits, 'UTC'),
  };
  return [time, values, utc];
}

/** Writes what each row of times is at its left: for uPlot's hook `drawAxes`. */
export function nameRows(self: uPlot, tokens: Tokens, { rowName }: AxisZone): void {
  const { ctx: context, bbox } = self;
  const { stroke, font } = quiet(tokens);
  const ratio = uPlot.pxRatio;
  const top = (bbox.top + bbox.height) / ratio + TICK + GAP;
  context.save();
  context.scale(ratio, ratio);
  context.font = font;
  context.fillStyle = stroke;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(rowName ?? 'UTC', 0, top);
  if (rowName !== null) context.fillText('UTC', 0, top - TICK - GAP + ZONE_ROW);
  context.restore();
}

function quiet(tokens: Tokens): { readonly stroke: string; readonly font: string } {
  return { stroke: tokens.soft, font: `11px ${tokens.sans}` };
}

/** Splits of the time axis fall on round times of the zone. */
export function dateIn(zone: string): (seconds: number) => Date {
  return (seconds) => uPlot.tzDate(new Date(seconds * 1_000), zone);
}
