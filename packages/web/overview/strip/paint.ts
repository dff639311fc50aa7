/** Draws the strip. Everything was placed by layout.ts; here are only colours and strokes. */
import { formatSeconds } from '@clockwarden/core/text';
import type { Scale } from '../../charts/symlog.ts';
import { symlogTicks } from '../../charts/symlog.ts';
import type { Tokens } from '../../charts/tokens.ts';
import { statusOrder } from '../../status/order.ts';
import { DENSITY_HEIGHT, LABEL_HEIGHT, type Lane, type Mark } from './layout.ts';

export interface StripPicture {
  readonly width: number;
  readonly lanes: readonly Lane[];
  readonly scale: Scale;
  readonly laneNames: readonly string[];
  /** Limits of each lane's role, seconds, beside those of the median. */
  readonly limits: readonly number[];
  readonly warningSeconds: number;
  readonly criticalSeconds: number;
  /** The median's own interval around zero; null: no median. */
  readonly medianBand: { readonly low: number; readonly high: number } | null;
  readonly selection: { readonly low: number; readonly high: number } | null;
  readonly hovered: string | null;
  readonly behindWord: string;
  readonly aheadWord: string;
}

export const AXIS_HEIGHT = 40;

export function lanesHeight(lanes: readonly Lane[]): number {
  const last = lanes.at(-1);
  return last === undefined ? 0 : last.top + last.height;
}

export function paintStrip(context: CanvasRenderingContext2D, picture: StripPicture, colours: Tokens): void {
  const height = lanesHeight(picture.lanes);
  context.clearRect(0, 0, picture.width, height + AXIS_HEIGHT);
  context.textBaseline = 'middle';
  for (const [index, lane] of picture.lanes.entries()) paintZones(context, picture, lane, index, colours);
  paintMedian(context, picture, height, colours);
  paintAxis(context, picture, height, colours);
  for (const [index, lane] of picture.lanes.entries()) {
    paintBins(context, lane, colours);
    paintMarks(context, lane, picture.hovered, colours);
    paintLabel(context, lane, picture.laneNames[index] ?? '', colours);
  }
  paintSelection(context, picture, height, colours);
}

/** Beyond the role's limit a warning, beyond the median's critical limit critical. */
function paintZones(
  context: CanvasRenderingContext2D,
  { width, scale, limits, warningSeconds, criticalSeconds }: StripPicture,
  lane: Lane,
  index: number,
  colours: Tokens,
): void {
  const limit = Math.min(limits[index] ?? warningSeconds, warningSeconds);
  const beyond = (seconds: number, colour: string): void => {
    context.fillStyle = colour;
    const [left, right] = [scale.x(-seconds), scale.x(seconds)];
    if (left > 0) context.fillRect(0, lane.top, Math.min(left, width), lane.height);
    if (right < width)
      context.fillRect(Math.max(0, right), lane.top, width - Math.max(0, right), lane.height);
  };
  beyond(limit, colours.warningTint);
  beyond(criticalSeconds, colours.criticalTint);
  context.fillStyle = colours.line;
  context.fillRect(0, lane.top + lane.height - 1, width, 1);
}

function paintMedian(
  context: CanvasRenderingContext2D,
  { scale, medianBand }: StripPicture,
  height: number,
  colours: Tokens,
): void {
  if (medianBand !== null) {
    const [left, right] = [scale.x(medianBand.low), scale.x(medianBand.high)];
    context.fillStyle = colours.accentSoft;
    context.fillRect(left, 0, Math.max(1, right - left), height);
  }
  const zero = scale.x(0);
  context.fillStyle = colours.accent;
  context.fillRect(Math.round(zero) - 0.5, 0, 1, height);
}

function paintAxis(
  context: CanvasRenderingContext2D,
  { width, scale, behindWord, aheadWord }: StripPicture,
  height: number,
  colours: Tokens,
): void {
  context.font = `12px ${colours.sans}`;
  context.textAlign = 'center';
  const taken: (readonly [left: number, right: number])[] = [];
  // From the middle outwards: where there is no room, the outer labels give way.
  const ticks = [...symlogTicks(scale.domain)].sort((a, b) => Math.abs(a) - Math.abs(b));
  for (const tick of ticks) {
    const x = scale.x(tick);
    context.fillStyle = colours.line;
    context.fillRect(Math.round(x) - 0.5, 0, 1, height + 4);
    const label = tick === 0 ? '0' : formatSeconds(tick, { signed: true });
    const half = context.measureText(label).width / 2 + 5;
    const place = Math.min(width - half, Math.max(half, x));
    if (taken.some(([left, right]) => place + half > left && place - half < right)) continue;
    taken.push([place - half, place + half]);
    context.fillStyle = colours.soft;
    context.fillText(label, place, height + 13);
  }
  context.fillStyle = colours.soft;
  context.textAlign = 'left';
  context.fillText(`← ${behindWord}`, 2, height + 31);
  context.textAlign = 'right';
  context.fillText(`${aheadWord} →`, width - 2, height + 31);
}

function paintBins(context: CanvasRenderingContext2D, lane: Lane, colours: Tokens): void {
  const foot = lane.top + LABEL_HEIGHT + DENSITY_HEIGHT;
  for (const bin of lane.bins) {
    // The root keeps a single node visible beside thousands.
    const full = Math.max(2, DENSITY_HEIGHT * Math.sqrt(bin.total / Math.max(1, lane.fullest)));
    let y = foot;
    for (let place = bin.counts.length - 1; place >= 0; place -= 1) {
      const share = ((bin.counts[place] ?? 0) / bin.total) * full;
      const status = statusOrder[place];
      if (share === 0 || status === undefined) continue;
      context.fillStyle = colours.status[status];
      context.fillRect(bin.x, y - share, bin.width - 0.5, share);
      y -= share;
    }
  }
}

function paintMarks(
  context: CanvasRenderingContext2D,
  lane: Lane,
  hovered: string | null,
  colours: Tokens,
): void {
  for (const mark of lane.marks) {
    context.strokeStyle = colours.status[mark.row.status];
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(mark.lowX, mark.y);
    context.lineTo(mark.highX, mark.y);
    context.stroke();
    context.globalAlpha = 1;
  }
  for (const mark of lane.marks) {
    paintShape(context, mark, colours);
    if (mark.row.name !== hovered) continue;
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(mark.x, mark.y, 8, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** The shapes of status/status-mark.tsx, as strokes. */
function paintShape(context: CanvasRenderingContext2D, { x, y, row }: Mark, colours: Tokens): void {
  const colour = colours.status[row.status];
  context.fillStyle = colour;
  context.strokeStyle = colours.panel;
  context.lineWidth = 1;
  context.beginPath();
  if (row.status === 'warning') {
    context.moveTo(x, y - 5);
    context.lineTo(x + 5.5, y + 4.5);
    context.lineTo(x - 5.5, y + 4.5);
    context.closePath();
  } else if (row.status === 'critical') {
    context.moveTo(x, y - 6);
    context.lineTo(x + 6, y);
    context.lineTo(x, y + 6);
    context.lineTo(x - 6, y);
    context.closePath();
  } else {
    context.arc(x, y, row.status === 'ok' ? 3.5 : 4.5, 0, 2 * Math.PI);
  }
  context.stroke();
  if (row.status !== 'undetermined' && row.status !== 'unreachable') {
    context.fill();
    return;
  }
  context.fillStyle = colours.panel;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, 4.5, -Math.PI / 2, Math.PI / 2);
  context.fill();
}

function paintLabel(context: CanvasRenderingContext2D, lane: Lane, name: string, colours: Tokens): void {
  context.font = `12px ${colours.sans}`;
  context.textAlign = 'left';
  context.fillStyle = colours.ink;
  context.fillText(name, 6, lane.top + 11);
}

function paintSelection(
  context: CanvasRenderingContext2D,
  { scale, selection, width }: StripPicture,
  height: number,
  colours: Tokens,
): void {
  if (selection === null) return;
  const left = Math.max(0, scale.x(selection.low));
  const right = Math.min(width, scale.x(selection.high));
  context.fillStyle = colours.accent;
  context.globalAlpha = 0.12;
  context.fillRect(left, 0, right - left, height);
  context.globalAlpha = 1;
  context.fillRect(left, 0, 1.5, height);
  context.fillRect(right - 1.5, 0, 1.5, height);
}
