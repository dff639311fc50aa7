import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSay } from '../i18n/index.ts';
import type { LiveRow } from '../live/index.tsx';
import { type NodesView, parseView, sortRows, viewParams } from '../nodes/view.ts';
import { statusOrder } from '../status/order.ts';
import { StatusMark } from '../status/status-mark.tsx';
import { Offset } from '../values/offset.tsx';
import styles from './nodes-excerpt.module.css';

const MOST_ROWS = 8;
const plainView = parseView(new URLSearchParams());
const troubled = statusOrder.filter((status) => status !== 'ok');

/** Under the picture: the nodes that were brushed, or else those that need somebody. */
export function NodesExcerpt({
  rows,
  selection,
}: {
  readonly rows: readonly LiveRow[];
  readonly selection: NodesView['offset'];
}) {
  const selected = selection !== null;
  const { t } = useTranslation();
  const say = useSay();
  const wanted = useMemo(
    () => sortRows(selected ? rows : rows.filter((row) => row.status !== 'ok'), null),
    [rows, selected],
  );
  if (wanted.length === 0)
    return <p className={styles.calm}>{t(selected ? 'excerpt.empty' : 'excerpt.calm')}</p>;
  return (
    <>
      <table className={styles.table}>
        <caption>{t(selected ? 'excerpt.selected' : 'excerpt.attention')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('column.status')}</th>
            <th scope="col">{t('column.name')}</th>
            <th scope="col">{t('column.offset')}</th>
            <th scope="col" className={styles.why}>
              {t('column.reason')}
            </th>
          </tr>
        </thead>
        <tbody>
          {wanted.slice(0, MOST_ROWS).map((row) => (
            <tr key={row.name}>
              <td>
                <StatusMark status={row.status} say={say} />
              </td>
              <td>
                <Link to={`/nodes/${encodeURIComponent(row.name)}`}>{row.name}</Link>
              </td>
              <td className={styles.offset}>
                <Offset value={row.offset} whyNot={t(row.clock === null ? 'why.noClock' : 'why.noMedian')} />
              </td>
              <td className={styles.why}>{row.worst === null ? t('reason.none') : say(row.worst.text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {wanted.length > MOST_ROWS && (
        <p className={styles.more}>
          <Link
            to={`/nodes?${viewParams({ ...plainView, offset: selection, statuses: selected ? [] : troubled })}`}
          >
            {t('excerpt.more', { total: wanted.length })}
          </Link>
        </p>
      )}
    </>
  );
}
