import type { NodePage } from '@clockwarden/api/console';
import { formatDuration, formatSeconds } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { Panel } from '../shell/panel.tsx';
import { Moment } from '../values/moment.tsx';
import styles from './node-page.module.css';

const DAY_SECONDS = 86_400;

/** A clock that follows nobody: where its frequency takes it. */
export function ProjectionPanel({ page: { projection } }: { readonly page: NodePage }) {
  const { t } = useTranslation();
  if (projection === null) return null;
  const { frequencyPpm, frequencyBoundPpm, crossings } = projection;
  const perDay = frequencyPpm * 1e-6 * DAY_SECONDS;
  return (
    <Panel
      title={t('projection.title')}
      about={t('projection.about', {
        ppm: `${frequencyPpm > 0 ? '+' : ''}${Number(frequencyPpm.toFixed(3))} ± ${Number(frequencyBoundPpm.toFixed(3))} ppm`.replace(
          '-',
          '−',
        ),
        perDay: formatSeconds(perDay, { signed: true }),
      })}
    >
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('projection.limit')}</th>
              <th scope="col">{t('projection.earliest')}</th>
              <th scope="col">{t('projection.latest')}</th>
            </tr>
          </thead>
          <tbody>
            {crossings.map(({ limitSeconds, earliestAt, latestAt }) => (
              <tr key={limitSeconds}>
                <td>±{formatDuration(limitSeconds)}</td>
                <td>{earliestAt === null ? t('projection.never') : <Moment at={earliestAt} />}</td>
                <td>{latestAt === null ? t('projection.never') : <Moment at={latestAt} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
