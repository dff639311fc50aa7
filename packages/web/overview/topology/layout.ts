/**
 * Who follows whom as rows of boxes: upstreams above, below them a row for each stratum. Followers that look alike fold
 * into one box, so that 10,000 clients are as easy to see as ten. Pure.
 */
import type { Topology } from '@clockwarden/api/console';
import { answeredPolls } from '../../values/reach.ts';

type Member = Topology['members'][number];
type Edge = Topology['edges'][number];

export interface Box {
  readonly id: string;
  /** One member, or those that are folded together. */
  readonly members: readonly Member[];
  readonly x: number;
  readonly y: number;
}

export interface Link {
  readonly key: string;
  readonly from: Box;
  readonly to: Box;
  readonly state: Edge['state'];
  /** Edges that are folded together, and the mean number of their last eight polls that were answered; null: unknown. */
  readonly count: number;
  readonly answered: number | null;
}

interface TopologyRow {
  /** null: upstreams; `none`: members that follow nobody known, or are not synchronized. */
  readonly stratum: number | 'upstream' | 'none';
  readonly y: number;
  readonly height: number;
}

export interface TopologyPicture {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  readonly rows: readonly TopologyRow[];
  readonly height: number;
}

export const BOX_WIDTH = 136;
export const BOX_HEIGHT = 40;
const GAP_X = 16;
const GAP_LINES = 14;
const GAP_ROWS = 40;
const ROW_LABEL = 18;
/** So few that look alike stay apart. */
const FOLD_FROM = 4;

export function layoutTopology({ members, edges }: Topology, width: number): TopologyPicture {
  const followed = new Set(edges.map((edge) => edge.to));
  const known = new Set(members.map((member) => member.id));
  const outgoing = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (!known.has(edge.to) || edge.to === edge.from) continue;
    const own = outgoing.get(edge.from);
    if (own === undefined) outgoing.set(edge.from, [edge]);
    else own.push(edge);
  }
  const groups = foldLeaves(members, followed, outgoing);
  const rows = rowsOf(groups);
  const placed = placeRows(rows, width);
  return { ...placed, links: linksOf(placed.boxes, outgoing) };
}

/** Leaves with the same sources in the same states are one group; everybody else stands alone. */
function foldLeaves(
  members: readonly Member[],
  followed: ReadonlySet<string>,
  outgoing: ReadonlyMap<string, readonly Edge[]>,
): readonly (readonly Member[])[] {
  const alone: Member[][] = [];
  const alike = new Map<string, Member[]>();
  for (const member of members) {
    if (member.kind === 'upstream' || followed.has(member.id)) {
      alone.push([member]);
      continue;
    }
    const selected = (outgoing.get(member.id) ?? []).find((edge) => edge.state === 'selected');
    const key = `${rowKey(member)}|${selected?.to ?? ''}`;
    const group = alike.get(key);
    if (group === undefined) alike.set(key, [member]);
    else group.push(member);
  }
  const folded = [...alike.values()].flatMap((group) =>
    group.length >= FOLD_FROM ? [group] : group.map((member) => [member]),
  );
  return [...alone, ...folded];
}

function rowKey(member: Member): number | 'upstream' | 'none' {
  if (member.kind === 'upstream') return 'upstream';
  return member.stratum === null || member.stratum === 0 || member.stratum >= 16 ? 'none' : member.stratum;
}

type Rows = readonly (readonly [TopologyRow['stratum'], readonly (readonly Member[])[]])[];

function rowsOf(groups: readonly (readonly Member[])[]): Rows {
  const rows = new Map<TopologyRow['stratum'], (readonly Member[])[]>();
  for (const group of groups) {
    const first = group[0];
    if (first === undefined) continue;
    const key = rowKey(first);
    rows.set(key, [...(rows.get(key) ?? []), group]);
  }
  const rank = (key: TopologyRow['stratum']): number => (key === 'upstream' ? -1 : key === 'none' ? 99 : key);
  return [...rows.entries()].sort(([a], [b]) => rank(a) - rank(b));
}

function placeRows(rows: Rows, width: number): Omit<TopologyPicture, 'links'> {
  const perLine = Math.max(1, Math.floor((width + GAP_X) / (BOX_WIDTH + GAP_X)));
  const boxes: Box[] = [];
  const placedRows: TopologyRow[] = [];
  let y = 0;
  for (const [stratum, groups] of rows) {
    const lines = Math.ceil(groups.length / perLine);
    for (const [index, members] of groups.entries()) {
      const line = Math.floor(index / perLine);
      const inLine = Math.min(perLine, groups.length - line * perLine);
      const left = (width - inLine * (BOX_WIDTH + GAP_X) + GAP_X) / 2;
      boxes.push({
        id: members[0]?.id ?? '',
        members,
        x: Math.max(0, left) + (index % perLine) * (BOX_WIDTH + GAP_X),
        y: y + ROW_LABEL + line * (BOX_HEIGHT + GAP_LINES),
      });
    }
    const height = ROW_LABEL + lines * (BOX_HEIGHT + GAP_LINES) - GAP_LINES;
    placedRows.push({ stratum, y, height });
    y += height + GAP_ROWS;
  }
  return { boxes, rows: placedRows, height: Math.max(0, y - GAP_ROWS) + 4 };
}

const stateRank = { selected: 0, usable: 1, rejected: 2 } as const;

/** One link between two boxes: the best of its edges' states, the mean of their reach. */
function linksOf(boxes: readonly Box[], outgoing: ReadonlyMap<string, readonly Edge[]>): readonly Link[] {
  const boxOf = new Map(boxes.flatMap((box) => box.members.map((member) => [member.id, box] as const)));
  const links = new Map<string, { from: Box; to: Box; edges: Edge[] }>();
  for (const [id, edges] of outgoing) {
    for (const edge of edges) {
      const [from, to] = [boxOf.get(id), boxOf.get(edge.to)];
      if (from === undefined || to === undefined) continue;
      const key = `${from.id}→${to.id}`;
      const link = links.get(key);
      if (link === undefined) links.set(key, { from, to, edges: [edge] });
      else link.edges.push(edge);
    }
  }
  return [...links.entries()].map(([key, { from, to, edges }]) => {
    const best = edges.reduce((a, b) => (stateRank[b.state] < stateRank[a.state] ? b : a));
    const reached = edges.flatMap((edge) => (edge.reach === null ? [] : [answeredPolls(edge.reach)]));
    const answered =
      reached.length === 0 ? null : reached.reduce((sum, bits) => sum + bits, 0) / reached.length;
    return { key, from, to, state: best.state, count: edges.length, answered };
  });
}
