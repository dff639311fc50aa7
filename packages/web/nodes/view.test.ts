import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveRow } from '../live/model.ts';
import { statusOrder } from '../status/order.ts';
import { rowOf } from '../testing/rows.ts';
import {
  columnIds,
  defaultColumns,
  filterRows,
  fixedColumns,
  type NodesView,
  parseView,
  sortRows,
  viewParams,
} from './view.ts';

const plain = parseView(new URLSearchParams());
const names = (rows: readonly LiveRow[]): string[] => rows.map((row) => row.name);

describe('the view in the URL', () => {
  it('is empty for the default view', () => {
    expect(viewParams(plain).toString()).toBe('');
    expect(plain).toMatchObject({ text: '', statuses: [], sort: null, columns: defaultColumns });
  });

  it('goes there and back', () => {
    const words = fc.array(fc.stringMatching(/^[a-zA-Z/_-]{1,12}$/), { maxLength: 3 });
    const view = fc.record({
      text: fc.string({ maxLength: 20 }),
      statuses: fc.subarray([...statusOrder]),
      roles: words,
      daemons: words,
      timezones: words,
      offset: fc.option(
        fc.record({ low: fc.integer({ min: -999, max: -1 }), high: fc.integer({ min: 0, max: 999 }) }),
      ),
      sort: fc.option(fc.record({ column: fc.constantFrom(...columnIds), descending: fc.boolean() })),
      columns: fc
        .subarray([...columnIds])
        .map((chosen) => columnIds.filter((id) => chosen.includes(id) || fixedColumns.includes(id))),
    });
    fc.assert(
      fc.property(view, (given: NodesView) => {
        expect(parseView(new URLSearchParams(viewParams(given).toString()))).toEqual(given);
      }),
    );
  });

  it('takes nothing it does not know from a URL', () => {
    const view = parseView(
      new URLSearchParams('status=bad,critical&sort=-nothing&offset=9..1&columns=offset,evil'),
    );
    expect(view.statuses).toEqual(['critical']);
    expect(view.sort).toBeNull();
    expect(view.offset).toBeNull();
    expect(view.columns).toEqual(['status', 'name', 'offset']);
  });
});

describe('filtering', () => {
  const rows = [
    rowOf({ name: 'cp-1', role: 'control-plane', follows: 'ntp1.example.net', daemon: 'chronyd' }),
    rowOf({
      name: 'w-2',
      verdict: 'warning',
      offset: { seconds: -0.4, lowSeconds: -0.5, highSeconds: -0.3 },
    }),
    rowOf({ name: 'w-3', verdict: 'undetermined', reachable: false, daemon: null, offset: null }),
  ];
  const by = (part: Partial<NodesView>): string[] => names(filterRows(rows, { ...plain, ...part }));

  it('finds every word of the text somewhere in the row, whatever its case', () => {
    expect(by({ text: 'NTP1 cp' })).toEqual(['cp-1']);
    expect(by({ text: 'nowhere' })).toEqual([]);
  });

  it('knows unreachable from undetermined', () => {
    expect(by({ statuses: ['unreachable'] })).toEqual(['w-3']);
    expect(by({ statuses: ['undetermined'] })).toEqual([]);
  });

  it('finds those of whom something is not known', () => {
    expect(by({ daemons: ['none'] })).toEqual(['w-3']);
  });

  it('takes no unknown offset for one inside a range', () => {
    expect(by({ offset: { low: -1, high: 1 } })).toEqual(['cp-1', 'w-2']);
    expect(by({ offset: { low: -1, high: -0.1 } })).toEqual(['w-2']);
  });
});

describe('sorting', () => {
  const rows = [
    rowOf({ name: 'n-2', offset: { seconds: 0.1, lowSeconds: 0, highSeconds: 0.2 } }),
    rowOf({ name: 'n-9', verdict: 'critical', offset: { seconds: -2, lowSeconds: -2, highSeconds: -2 } }),
    rowOf({ name: 'n-10', offset: null }),
  ];

  it('puts the worst first and keeps the order of names among equals', () => {
    expect(names(sortRows(rows, null))).toEqual(['n-9', 'n-2', 'n-10']);
  });

  it('counts the numbers in names', () => {
    expect(names(sortRows(rows, { column: 'name', descending: true }))).toEqual(['n-10', 'n-9', 'n-2']);
  });

  it('sorts offsets by their distance and the unknown last in both directions', () => {
    expect(names(sortRows(rows, { column: 'offset', descending: true }))).toEqual(['n-9', 'n-2', 'n-10']);
    expect(names(sortRows(rows, { column: 'offset', descending: false }))).toEqual(['n-2', 'n-9', 'n-10']);
  });
});
