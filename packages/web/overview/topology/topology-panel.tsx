import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { getTopology } from '../../live/api.ts';
import { Panel } from '../../shell/panel.tsx';
import styles from './topology-picture.module.css';
import { TopologyPicture } from './topology-picture.tsx';

const EVERY_MS = 15_000;

export function TopologyPanel() {
  const { t } = useTranslation();
  const topology = useQuery({ queryKey: ['topology'], queryFn: getTopology, refetchInterval: EVERY_MS });
  return (
    <Panel title={t('topology.title')}>
      {topology.data === undefined ? (
        <p className={styles.frame}>{t(topology.isError ? 'topology.failed' : 'loading.part')}</p>
      ) : topology.data.edges.length === 0 ? (
        <p>{t('topology.empty')}</p>
      ) : (
        <TopologyPicture topology={topology.data} />
      )}
    </Panel>
  );
}
