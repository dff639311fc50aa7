import Button from '@mui/material/Button';
import useMediaQuery from '@mui/material/useMediaQuery';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/index.ts';
import { useLive } from '../live/index.tsx';
import { Headline } from '../shell/headline.tsx';
import { DownloadIcon } from '../shell/icons.tsx';
import { LoadState } from '../shell/load-state.tsx';
import { NoNodes } from '../shell/no-nodes.tsx';
import { useTitle } from '../shell/use-title.ts';
import { ColumnMenu } from './column-menu.tsx';
import { csvOf, download } from './csv.ts';
import { NodesList } from './nodes-list.tsx';
import styles from './nodes-page.module.css';
import { Toolbar } from './toolbar.tsx';
import { useView } from './use-view.ts';
import { type ColumnId, choicesOf, filterRows, type NodesView, parseView, sortRows } from './view.ts';

export function Component() {
  const { t } = useTranslation();
  useTitle(t('shell.nodes'));
  const loaded = useLive((state) => state.cluster !== null);
  const rows = useLive((state) => state.rows);
  return (
    <>
      <Headline />
      {!loaded ? <LoadState /> : rows.length === 0 ? <NoNodes /> : <Nodes />}
    </>
  );
}

function Nodes() {
  const { t } = useTranslation();
  const language = useLanguage();
  const latest = useLive((state) => state.rows);
  // A round of ten thousand rows is sorted when the page has time for it; keys and clicks go first.
  const rows = useDeferredValue(latest);
  const cluster = useLive((state) => state.cluster?.cluster ?? '');
  const [view, change] = useView();
  const cards = useMediaQuery('(max-width: 920px)', { noSsr: true });
  // Typing and live data come first; the list may be a moment behind.
  const shownView = useDeferredValue(view);
  const choices = useMemo(() => choicesOf(rows), [rows]);
  const shown = useMemo(() => sortRows(filterRows(rows, shownView), shownView.sort), [rows, shownView]);

  const sortBy = (column: ColumnId): void => change({ sort: nextSort(view.sort, column) });

  return (
    <>
      <Toolbar view={view} choices={choices} onChange={change} />
      <div className={styles.line}>
        <p role="status">{t('nodes.count', { shown: shown.length, total: rows.length })}</p>
        <p>{t('nodes.sign')}</p>
        <span className={styles.end}>
          <ColumnMenu columns={view.columns} onChange={(columns) => change({ columns })} />
          <Button
            variant="outlined"
            startIcon={<DownloadIcon />}
            onClick={() => download(`${cluster || 'clockwarden'}-nodes.csv`, csvOf(shown, language))}
          >
            CSV
          </Button>
        </span>
      </div>
      {shown.length === 0 ? (
        <div className={styles.nothing}>
          <p>{t('nodes.nothing')}</p>
          <Button
            variant="outlined"
            onClick={() => change({ ...parseView(new URLSearchParams()), columns: view.columns })}
          >
            {t('nodes.clear')}
          </Button>
        </div>
      ) : (
        <NodesList
          // Heights that were measured of cards are not those of rows.
          key={cards ? 'cards' : 'table'}
          rows={shown}
          columns={view.columns}
          sort={view.sort}
          onSort={sortBy}
          cards={cards}
        />
      )}
    </>
  );
}

/** First the way one looks for trouble (the largest offset, the longest age), then the other, then worst first again. */
function nextSort(sort: NodesView['sort'], column: ColumnId): NodesView['sort'] {
  const largestFirst = column === 'offset' || column === 'age' || column === 'since' || column === 'stratum';
  if (sort?.column !== column) return { column, descending: largestFirst };
  return sort.descending === largestFirst ? { column, descending: !largestFirst } : null;
}
