import type { NodePage } from '@clockwarden/api/console';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { ApiError, getNode } from '../live/api.ts';
import { useLive, useLiveRow } from '../live/index.tsx';
import { LoadState } from '../shell/load-state.tsx';
import { Notice } from '../shell/notice.tsx';
import { useTitle } from '../shell/use-title.ts';
import { ChronySources } from './chrony/sources-panel.tsx';
import { ChronyTracking } from './chrony/tracking-panel.tsx';
import { ClockPanel } from './clock-panel.tsx';
import { CommandsPanel } from './commands-panel.tsx';
import { DaemonPanel } from './daemon-panel.tsx';
import { HistoryPanel } from './history/history-panel.tsx';
import { KernelPanel } from './kernel-panel.tsx';
import styles from './node-page.module.css';
import { NodeTitle } from './node-title.tsx';
import { ProjectionPanel } from './projection-panel.tsx';
import { RawPanel } from './raw-panel.tsx';
import { ReadingsPanel } from './readings-panel.tsx';
import { ReasonsPanel } from './reasons-panel.tsx';
import { StepsPanel } from './steps-panel.tsx';
import { TimezonePanel } from './timezone-panel.tsx';

export function Component() {
  const name = useParams().name ?? '';
  const { t } = useTranslation();
  useTitle(name);
  const page = useNodePage(name);
  if (page.data !== undefined) return <Node page={page.data} receivedAt={page.receivedAt} />;
  if (page.error instanceof ApiError && page.error.status === 404) {
    return (
      <Notice title={t('node.unknown', { name })}>
        <p>{t('node.unknownAbout')}</p>
        <p>
          <Link to="/nodes">{t('shell.nodes')}</Link>
        </p>
      </Notice>
    );
  }
  return (
    <>
      <NodeTitle name={name} since={null} />
      <LoadState />
    </>
  );
}

/** Asked for again whenever the live row of the node is renewed, at most every two seconds. */
function useNodePage(name: string) {
  const queries = useQueryClient();
  const row = useLiveRow(name);
  const connection = useLive((state) => state.connection);
  const query = useQuery({
    queryKey: ['node', name],
    queryFn: async () => ({ page: await getNode(name), receivedAt: performance.now() }),
    retry: (count, error) => !(error instanceof ApiError && error.status === 404) && count < 3,
  });
  useEffect(() => {
    if (row === undefined || connection !== 'live') return;
    void queries.invalidateQueries({
      queryKey: ['node', name],
      predicate: ({ state }) => isOld(state.dataUpdatedAt),
    });
  }, [queries, name, row, connection]);
  return { data: query.data?.page, receivedAt: query.data?.receivedAt ?? 0, error: query.error };
}

function isOld(updatedAt: number): boolean {
  return Date.now() - updatedAt >= 2_000;
}

function Node({ page, receivedAt }: { readonly page: NodePage; readonly receivedAt: number }) {
  const limits = useLive((state) => state.cluster?.limits ?? null);
  const { node } = page;
  const when = { receivedAt };
  return (
    <>
      <NodeTitle name={node.name} since={page.since} node={node} />
      <div className={styles.page}>
        <ReasonsPanel node={node} {...when} />
        {limits !== null && <HistoryPanel name={node.name} role={node.role} limits={limits} />}
        <ProjectionPanel page={page} />
        <ChronySources page={page} {...when} />
        <div className={styles.columns}>
          <ClockPanel node={node} {...when} />
          <DaemonPanel page={page} {...when} />
          <KernelPanel page={page} {...when} />
          <ChronyTracking page={page} {...when} />
          <TimezonePanel page={page} {...when} />
          <StepsPanel steps={page.steps} />
        </div>
        <ReadingsPanel node={node} {...when} />
        <CommandsPanel commands={page.commands} />
        <RawPanel page={page} {...when} />
      </div>
    </>
  );
}
