/** Where everything stands on the strip. Pure: rows and a scale in, places out. */
import type { DisplayStatus } from '@clockwarden/core/assess';
import { type NodeRole, nodeRoles } from '@clockwarden/core/inventory';
import type { Scale } from '../../charts/symlog.ts';
import type { LiveRow } from '../../live/index.tsx';
import { rankOf, statusOrder } from '../../status/order.ts';

export interface Mark {
  readonly row: LiveRow;
  readonly x: number;
  readonly y: number;
  /** Ends of the whisker. */
  readonly lowX: number;
  readonly highX: number;
}

/** A slice of the axis in a crowded lane. */
export interface Bin {
  readonly x: number;
  readonly width: number;
  /** Nodes by status, in the order of `statusOrder`. */
  readonly counts: readonly number[];
  readonly total: number;
}

export interface Lane {
  readonly role: NodeRole;
  readonly top: number;
  readonly height: number;
  /** Nodes with an offset, and without one. */
  readonly placed: number;
  readonly unknown: number;
  /** Beyond the picture's ends after a zoom. */
  readonly outside: number;
  readonly marks: readonly Mark[];
  /** Empty where each node has a mark of its own. */
  readonly bins: readonly Bin[];
  /** Largest `total` of the bins. */
  readonly fullest: number;
}

export const LABEL_HEIGHT = 20;
const LEVEL = 12;
const BIN_WIDTH = 3;
export const DENSITY_HEIGHT = 76;
/** In a crowded lane only those in trouble get a mark, and not more of them than a person can look at. */
const MOST_MARKS = 240;
const MOST_LEVELS = 9;

export function layoutLanes(rows: readonly LiveRow[], scale: Scale, width: number): readonly Lane[] {
  let top = 0;
  return nodeRoles.flatMap((role) => {
    const members = rows.filter((row) => row.role === role);
    if (members.length === 0) return [];
    const lane = layoutLane(role, members, scale, width, top);
    top += lane.height;
    return [lane];
  });
}

function layoutLane(
  role: NodeRole,
  members: readonly LiveRow[],
  scale: Scale,
  width: number,
  top: number,
): Lane {
  const placed = members.filter((row) => row.offset !== null);
  const visible = placed.filter((row) => isVisible(row, scale));
  const crowded = visible.length > Math.min(width / 5, MOST_MARKS);
  const marked = crowded ? worst(visible.filter((row) => row.status !== 'ok')) : visible;
  const { marks, levels } = dodge(marked, scale, top + LABEL_HEIGHT, crowded ? 3 : MOST_LEVELS);
  const bins = crowded ? binsOf(visible, scale, width) : [];
  const shift = crowded ? DENSITY_HEIGHT + 4 : 0;
  // A lane whose nodes are all without an offset is its label and nothing more.
  const room = placed.length === 0 ? 0 : Math.max(2, levels) * LEVEL + shift;
  return {
    role,
    top,
    height: LABEL_HEIGHT + room + 8,
    placed: placed.length,
    unknown: members.length - placed.length,
    outside: placed.length - visible.length,
    marks: shift === 0 ? marks : marks.map((mark) => ({ ...mark, y: mark.y + shift })),
    bins,
    fullest: bins.reduce((most, bin) => Math.max(most, bin.total), 0),
  };
}

function isVisible(row: LiveRow, { domain }: Scale): boolean {
  return row.offset !== null && row.offset.seconds >= domain.low && row.offset.seconds <= domain.high;
}

function worst(rows: readonly LiveRow[]): readonly LiveRow[] {
  return [...rows].sort((a, b) => rankOf(a.status) - rankOf(b.status)).slice(0, MOST_MARKS);
}

/** Marks that would cover each other go to the next level. */
function dodge(
  rows: readonly LiveRow[],
  scale: Scale,
  top: number,
  mostLevels: number,
): { marks: readonly Mark[]; levels: number } {
  const ends: number[] = [];
  const marks: Mark[] = [];
  for (const row of [...rows].sort((a, b) => (a.offset?.seconds ?? 0) - (b.offset?.seconds ?? 0))) {
    if (row.offset === null) continue;
    const x = scale.x(row.offset.seconds);
    let level = ends.findIndex((end) => x - end >= LEVEL);
    if (level < 0) level = ends.length < mostLevels ? ends.length : marks.length % mostLevels;
    ends[level] = x;
    marks.push({
      row,
      x,
      y: top + LEVEL / 2 + level * LEVEL,
      lowX: scale.x(row.offset.lowSeconds),
      highX: scale.x(row.offset.highSeconds),
    });
  }
  return { marks, levels: ends.length };
}

function binsOf(rows: readonly LiveRow[], scale: Scale, width: number): readonly Bin[] {
  const places = new Map<DisplayStatus, number>(statusOrder.map((status, place) => [status, place]));
  const counts: (number[] | undefined)[] = new Array(Math.ceil(width / BIN_WIDTH) + 1).fill(undefined);
  for (const row of rows) {
    if (row.offset === null) continue;
    const slot = Math.max(0, Math.floor(scale.x(row.offset.seconds) / BIN_WIDTH));
    const slots = counts[slot] ?? statusOrder.map(() => 0);
    const place = places.get(row.status) ?? 0;
    slots[place] = (slots[place] ?? 0) + 1;
    counts[slot] = slots;
  }
  return counts.flatMap((slots, slot) =>
    slots === undefined
      ? []
      : [
          {
            x: slot * BIN_WIDTH,
            width: BIN_WIDTH,
            counts: slots,
            total: slots.reduce((sum, count) => sum + count, 0),
          },
        ],
  );
}

/** The mark under a pointer, nearest first, within reach of a finger. */
export function markAt(lanes: readonly Lane[], x: number, y: number, reach = 12): Mark | null {
  let best: Mark | null = null;
  let nearest = reach;
  for (const lane of lanes) {
    if (y < lane.top || y > lane.top + lane.height) continue;
    for (const mark of lane.marks) {
      const distance = Math.hypot(mark.x - x, mark.y - y);
      if (distance <= nearest) [best, nearest] = [mark, distance];
    }
  }
  return best;
}

/** The slice under a pointer, in a crowded lane. */
export function binAt(lanes: readonly Lane[], x: number, y: number): Bin | null {
  const lane = lanes.find((one) => y >= one.top && y <= one.top + one.height);
  return lane?.bins.find((bin) => x >= bin.x - 1 && x <= bin.x + bin.width + 1) ?? null;
}
