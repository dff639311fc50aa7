/** The list itself: rows that exist only while they are in sight, so that 10,000 of them scroll as 50 do. */
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, memo, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useLanguage } from '../i18n/index.ts';
import type { LiveRow } from '../live/index.tsx';
import { cells, type Words } from './cells.tsx';
import styles from './nodes-list.module.css';
import { type ColumnId, defaultColumns, type NodesView } from './view.ts';

const ROW_HEIGHT = 34;
/** Only until a card has been measured. */
const CARD_HEIGHT = 190;

/** Track of each column: its least width, and its full width or its share of what is left. */
const tracks: Readonly<Record<ColumnId, readonly [least: number, most: string]>> = {
  status: [96, '118px'],
  name: [112, '1fr'],
  role: [76, '100px'],
  sync: [180, '310px'],
  offset: [130, '156px'],
  reason: [110, '4fr'],
  timezone: [84, '104px'],
  age: [48, '52px'],
  address: [96, '0.8fr'],
  daemon: [130, '150px'],
  follows: [110, '1fr'],
  stratum: [60, '70px'],
  kernel: [96, '110px'],
  since: [250, '250px'],
};

const GAP = 12;

function trackOf(column: ColumnId): string {
  const [least, most] = tracks[column];
  return `minmax(${least}px, ${most})`;
}

/** More columns than fit scroll sideways rather than shrink to nothing. */
function leastWidth(columns: readonly ColumnId[]): number {
  return columns.reduce((sum, column) => sum + tracks[column][0] + GAP, GAP);
}

interface NodesListProps {
  readonly rows: readonly LiveRow[];
  readonly columns: readonly ColumnId[];
  readonly sort: NodesView['sort'];
  readonly onSort: (column: ColumnId) => void;
  readonly cards: boolean;
}

export function NodesList({ rows, columns, sort, onSort, cards }: NodesListProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useMemo<Words>(() => ({ t, say: (text) => text[language] }), [t, language]);
  const { body, top, virtualizer } = useRowsInSight(rows, cards);
  const follow = useFollow();
  const template = columns.map(trackOf).join(' ');
  const wide = !cards && columns.length > defaultColumns.length;
  const shared = { gridTemplateColumns: template };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <table> cannot hold rows that are placed by their number
    <div
      role="table"
      className={cards ? styles.cards : wide ? styles.wide : styles.table}
      style={wide ? { minWidth: leastWidth(columns) } : undefined}
      aria-label={t('nodes.listLabel')}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="rowgroup" className={cards ? 'visually-hidden' : styles.headGroup}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above; a header row is not focusable itself */}
        <div role="row" aria-rowindex={1} className={styles.head} style={shared} tabIndex={-1}>
          {columns.map((column) => (
            <HeaderCell key={column} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link arrives here as a click */}
      <div
        role="rowgroup"
        ref={body}
        onClick={follow}
        className={styles.body}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <Row
              key={item.key}
              row={row}
              index={item.index}
              start={item.start - top}
              measure={cards ? virtualizer.measureElement : undefined}
              columns={columns}
              template={template}
              cards={cards}
              words={words}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Which rows are in sight, and where they lie. `top`: of the list in the page, in pixels. */
function useRowsInSight(rows: readonly LiveRow[], cards: boolean) {
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const place = body.current?.getBoundingClientRect().top ?? 0;
    setTop(place + window.scrollY);
  }, []);
  // A key function that is another one at each frame makes the virtualizer measure all rows anew.
  const keyOf = useCallback((index: number) => rows[index]?.name ?? index, [rows]);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (cards ? CARD_HEIGHT : ROW_HEIGHT),
    overscan: 6,
    gap: cards ? 8 : 0,
    scrollMargin: top,
    getItemKey: keyOf,
  });
  return { body, top, virtualizer };
}

/** One listener for the links of all rows; a click with a modifier is the browser's. */
function useFollow(): (event: MouseEvent<HTMLElement>) => void {
  const navigate = useNavigate();
  return (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (link === null || !plain) return;
    event.preventDefault();
    void navigate(link.pathname);
  };
}

interface HeaderCellProps {
  readonly column: ColumnId;
  readonly sort: NodesView['sort'];
  readonly onSort: (column: ColumnId) => void;
}

const HeaderCell = memo(function HeaderCell({ column, sort, onSort }: HeaderCellProps) {
  const { t } = useTranslation();
  const sorted = sort?.column === column ? (sort.descending ? 'descending' : 'ascending') : 'none';
  return (
    // biome-ignore lint/a11y/useSemanticElements: see NodesList
    <div role="columnheader" aria-sort={sorted} className={styles.headCell} tabIndex={-1}>
      <button type="button" onClick={() => onSort(column)} title={t(`column.about.${column}`)}>
        {t(`column.${column}`)}
        <span aria-hidden="true" className={styles.arrow}>
          {sorted === 'none' ? '' : sorted === 'ascending' ? '▲' : '▼'}
        </span>
      </button>
    </div>
  );
});

interface RowProps {
  readonly row: LiveRow;
  readonly index: number;
  readonly start: number;
  /** Cards are as high as what they say. */
  readonly measure: ((element: HTMLElement | null) => void) | undefined;
  readonly columns: readonly ColumnId[];
  readonly template: string;
  readonly cards: boolean;
  readonly words: Words;
}

const Row = memo(function Row({ row, index, start, measure, columns, template, cards, words }: RowProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see NodesList
    <div
      role="row"
      aria-rowindex={index + 2}
      ref={measure}
      data-index={index}
      className={cards ? styles.card : styles.row}
      tabIndex={-1}
      style={{
        transform: `translateY(${start}px)`,
        ...(cards ? {} : { height: ROW_HEIGHT, gridTemplateColumns: template }),
      }}
    >
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: see NodesList
        <div role="cell" key={column} data-column={column}>
          {cards && column !== 'status' && column !== 'name' && (
            <span className={styles.label} aria-hidden="true">
              {words.t(`column.${column}`)}
            </span>
          )}
          {cells[column](row, words)}
        </div>
      ))}
    </div>
  );
});
