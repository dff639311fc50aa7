import type { ClusterHeader } from '@clockwarden/api/console';
import Button from '@mui/material/Button';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { type LiveRow, useLive } from '../live/index.tsx';
import { isInRange, parseRange, rangeParam } from '../nodes/view.ts';
import { Headline } from '../shell/headline.tsx';
import { LoadState } from '../shell/load-state.tsx';
import { NoNodes } from '../shell/no-nodes.tsx';
import { Panel } from '../shell/panel.tsx';
import { useTitle } from '../shell/use-title.ts';
import { rangeText } from '../values/range.ts';
import { ChangesPanel } from './changes-panel.tsx';
import { ClusterFacts } from './cluster-facts.tsx';
import { NodesExcerpt } from './nodes-excerpt.tsx';
import styles from './overview-page.module.css';
import { LaneTable } from './strip/lane-table.tsx';
import { Strip } from './strip/strip.tsx';
import { SummaryTiles } from './summary-tiles.tsx';
import { TopologyPanel } from './topology/topology-panel.tsx';

export function Component() {
  const { t } = useTranslation();
  useTitle(t('shell.overview'));
  const cluster = useLive((state) => state.cluster);
  const latest = useLive((state) => state.rows);
  const rows = useDeferredValue(latest);
  return (
    <>
      <Headline />
      {latest.length === 0 && cluster !== null ? (
        <NoNodes />
      ) : cluster === null || rows.length === 0 ? (
        // The deferred rows are a moment behind: a cluster with nodes must not look empty meanwhile.
        <LoadState />
      ) : (
        <Overview rows={rows} cluster={cluster} />
      )}
    </>
  );
}

interface OverviewProps {
  readonly rows: readonly LiveRow[];
  readonly cluster: ClusterHeader;
}

function Overview({ rows, cluster }: OverviewProps) {
  return (
    <div className={styles.overview}>
      <SummaryTiles cluster={cluster} />
      <ClusterFacts cluster={cluster} />
      <StripPanel rows={rows} cluster={cluster} />
      <ChangesPanel />
      <TopologyPanel />
    </div>
  );
}

function StripPanel({ rows, cluster }: OverviewProps) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const selection = useMemo(() => parseRange(params.get('offset')), [params]);
  const zoom = useMemo(() => parseRange(params.get('zoom')), [params]);
  const set = (change: Readonly<Record<string, { low: number; high: number } | null>>): void => {
    const next = new URLSearchParams(params);
    for (const [name, range] of Object.entries(change)) {
      if (range === null) next.delete(name);
      else next.set(name, rangeParam(range));
    }
    setParams(next, { preventScrollReset: true });
  };
  const drawable = rows.some((row) => row.offset !== null);
  const selected = useMemo(() => rows.filter((row) => isInRange(row, selection)), [rows, selection]);
  return (
    <Panel
      title={t('strip.title')}
      about={t(drawable ? 'strip.about' : 'strip.empty')}
      actions={
        <>
          {selection !== null && (
            <>
              <span>{t('strip.selected', { range: rangeText(selection), total: selected.length })}</span>
              <Button variant="outlined" onClick={() => set({ zoom: selection, offset: null })}>
                {t('strip.zoomIn')}
              </Button>
              <Button
                variant="outlined"
                component={Link}
                to={`/nodes?offset=${rangeParam(selection)}&sort=-offset`}
              >
                {t('strip.openInNodes')}
              </Button>
              <Button variant="outlined" onClick={() => set({ offset: null })}>
                {t('strip.clear')}
              </Button>
            </>
          )}
          {zoom !== null && (
            <Button variant="outlined" onClick={() => set({ zoom: null })}>
              {t('strip.zoomOut')}
            </Button>
          )}
        </>
      }
    >
      {drawable && (
        <>
          <Strip
            rows={rows}
            cluster={cluster}
            zoom={zoom}
            selection={selection}
            onSelect={(range) => set({ offset: range })}
            onReset={() => set({ zoom: null, offset: null })}
            summary={t('strip.summary', {
              total: rows.length,
              ...cluster.summary,
              undetermined: cluster.summary.undetermined - cluster.summary.unreachable,
            })}
          />
          <LaneTable rows={rows} />
        </>
      )}
      <NodesExcerpt rows={selected} selection={selection} />
    </Panel>
  );
}
