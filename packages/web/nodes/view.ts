/** What the list shows and in which order, and how that stands in the URL. Pure. */
import type { DisplayStatus } from '@clockwarden/core/assess';
import type { LiveRow } from '../live/index.tsx';
import { naturalKey } from '../live/natural-key.ts';
import { rankOf, statusOrder } from '../status/order.ts';

export const columnIds = [
  'status',
  'name',
  'role',
  'sync',
  'offset',
  'reason',
  'timezone',
  'age',
  'address',
  'daemon',
  'follows',
  'stratum',
  'kernel',
  'since',
] as const;
export type ColumnId = (typeof columnIds)[number];

/** A row without these would not say which node it is, nor how it is. */
export const fixedColumns: readonly ColumnId[] = ['status', 'name'];
export const defaultColumns: readonly ColumnId[] = columnIds.slice(0, 8);

export interface NodesView {
  readonly text: string;
  /** Empty lists filter nothing. */
  readonly statuses: readonly DisplayStatus[];
  readonly roles: readonly string[];
  /** `none`: no daemon is known. */
  readonly daemons: readonly string[];
  readonly timezones: readonly string[];
  /** Offset from the median, seconds, both ends included. */
  readonly offset: { readonly low: number; readonly high: number } | null;
  /** null: worst first. */
  readonly sort: { readonly column: ColumnId; readonly descending: boolean } | null;
  readonly columns: readonly ColumnId[];
}

/** Stands in the URL and the filter for "not known". */
export const NONE = 'none';

export function parseView(params: URLSearchParams): NodesView {
  const list = (name: string): string[] => (params.get(name) ?? '').split(',').filter((one) => one !== '');
  const wanted = list('columns');
  const columns = columnIds.filter((id) => wanted.includes(id) || fixedColumns.includes(id));
  return {
    text: params.get('q') ?? '',
    statuses: statusOrder.filter((status) => list('status').includes(status)),
    roles: list('role'),
    daemons: list('daemon'),
    timezones: list('timezone'),
    offset: parseRange(params.get('offset')),
    sort: parseSort(params.get('sort')),
    columns: wanted.length === 0 ? defaultColumns : columns,
  };
}

/** `low..high` in seconds. */
export function parseRange(value: string | null): { low: number; high: number } | null {
  const match = /^([-+.\deE]+)\.\.([-+.\deE]+)$/.exec(value ?? '');
  const [low, high] = [Number(match?.[1]), Number(match?.[2])];
  return Number.isFinite(low) && Number.isFinite(high) && low < high ? { low, high } : null;
}

export function rangeParam(range: { readonly low: number; readonly high: number }): string {
  const short = (seconds: number): string => String(Number(seconds.toPrecision(4)));
  return `${short(range.low)}..${short(range.high)}`;
}

function parseSort(value: string | null): NodesView['sort'] {
  const descending = value?.startsWith('-') ?? false;
  const column = columnIds.find((id) => id === (descending ? value?.slice(1) : value));
  return column === undefined ? null : { column, descending };
}

/** Only what differs from the default stands in the URL. */
export function viewParams(view: NodesView): URLSearchParams {
  const params = new URLSearchParams();
  const put = (name: string, value: string): void => {
    if (value !== '') params.set(name, value);
  };
  put('q', view.text);
  put('status', view.statuses.join(','));
  put('role', view.roles.join(','));
  put('daemon', view.daemons.join(','));
  put('timezone', view.timezones.join(','));
  put('offset', view.offset === null ? '' : rangeParam(view.offset));
  put('sort', view.sort === null ? '' : `${view.sort.descending ? '-' : ''}${view.sort.column}`);
  if (view.columns.join() !== defaultColumns.join()) put('columns', view.columns.join(','));
  return params;
}

export function filterRows(rows: readonly LiveRow[], view: NodesView): readonly LiveRow[] {
  const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
  const within = <T>(wanted: readonly T[], value: T): boolean =>
    wanted.length === 0 || wanted.includes(value);
  return rows.filter(
    (row) =>
      within(view.statuses, row.status) &&
      within(view.roles, row.role) &&
      within(view.daemons, row.daemon ?? NONE) &&
      within(view.timezones, row.timezone ?? NONE) &&
      isInRange(row, view.offset) &&
      words.every((word) => haystack(row).includes(word)),
  );
}

export function isInRange(row: LiveRow, range: NodesView['offset']): boolean {
  if (range === null) return true;
  return row.offset !== null && row.offset.seconds >= range.low && row.offset.seconds <= range.high;
}

function haystack(row: LiveRow): string {
  const { name, address, role, daemon, follows, timezone, worst } = row;
  return `${name} ${address} ${role} ${daemon ?? ''} ${follows ?? ''} ${timezone ?? ''} ${worst?.text.en ?? ''} ${worst?.text['zh-CN'] ?? ''}`.toLowerCase();
}

/** What a column sorts by; null goes last in either direction. */
const sortKeys: Readonly<Record<ColumnId, (row: LiveRow) => string | number | null>> = {
  status: (row) => rankOf(row.status),
  name: (row) => naturalKey(row.name),
  role: (row) => row.role,
  sync: (row) => (row.synchronized === null ? null : Number(row.synchronized)),
  // How far, whichever side: that is what is looked for.
  offset: (row) => (row.offset === null ? null : Math.abs(row.offset.seconds)),
  reason: (row) => row.worst?.code ?? null,
  timezone: (row) => row.timezone,
  age: (row) => row.ageSeconds,
  address: (row) => naturalKey(row.address),
  daemon: (row) => row.daemon,
  follows: (row) => (row.follows === null ? null : naturalKey(row.follows)),
  stratum: (row) => row.stratum,
  kernel: (row) => (row.unsync === null ? null : Number(row.unsync)),
  since: (row) => row.since,
};

/** @param rows in the order of their names, which is kept among equals */
export function sortRows(rows: readonly LiveRow[], sort: NodesView['sort']): readonly LiveRow[] {
  const key = sortKeys[sort?.column ?? 'status'];
  const direction = sort?.descending === true ? -1 : 1;
  return rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => compareKeys(a.key, b.key, direction))
    .map(({ row }) => row);
}

function compareKeys(a: string | number | null, b: string | number | null, direction: 1 | -1): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -direction : direction;
}

export interface FilterChoices {
  readonly statuses: ReadonlyMap<string, number>;
  readonly roles: readonly string[];
  readonly daemons: readonly string[];
  readonly timezones: readonly string[];
}

/** What there is to choose from, with how many nodes are in each status. */
export function choicesOf(rows: readonly LiveRow[]): FilterChoices {
  const statuses = new Map<string, number>();
  const roles = new Set<string>();
  const daemons = new Set<string>();
  const timezones = new Set<string>();
  for (const row of rows) {
    statuses.set(row.status, (statuses.get(row.status) ?? 0) + 1);
    roles.add(row.role);
    daemons.add(row.daemon ?? NONE);
    timezones.add(row.timezone ?? NONE);
  }
  return {
    statuses,
    roles: [...roles].sort(),
    daemons: [...daemons].sort(),
    timezones: [...timezones].sort(),
  };
}
