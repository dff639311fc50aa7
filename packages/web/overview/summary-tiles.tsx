import type { ClusterHeader } from '@clockwarden/api/console';
import { type DisplayStatus, displayStatuses } from '@clockwarden/core/assess';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSay } from '../i18n/index.ts';
import { statusOrder } from '../status/order.ts';
import { StatusShape } from '../status/status-mark.tsx';
import styles from './summary-tiles.module.css';

/** How many nodes are how; each opens its nodes. The quiet ones stay quiet. */
export function SummaryTiles({ cluster }: { readonly cluster: ClusterHeader }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <ul className={styles.tiles} aria-label={t('tiles.label')}>
      {statusOrder.map((status) => {
        const count = countOf(cluster.summary, status);
        return (
          <li key={status}>
            <Link to={`/nodes?status=${status}`} className={count === 0 ? styles.none : styles.tile}>
              <StatusShape status={status} size={16} />
              <span className={styles.count}>{count}</span>
              <span>{say(displayStatuses[status])}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** The summary counts unreachable nodes among the undetermined; here they stand apart. */
function countOf(summary: ClusterHeader['summary'], status: DisplayStatus): number {
  return status === 'undetermined' ? summary.undetermined - summary.unreachable : summary[status];
}
