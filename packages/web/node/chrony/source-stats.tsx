import type { ChronySourceStats } from '@clockwarden/core/observe';
import { formatAge, formatDuration, formatPpm, formatSeconds } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import styles from '../node-page.module.css';

/** `chronyc sourcestats`. */
export function SourceStats({ stats }: { readonly stats: readonly ChronySourceStats[] }) {
  const { t } = useTranslation();
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('chrony.source')}</th>
            <th scope="col">{t('chrony.samples')}</th>
            <th scope="col">{t('chrony.span')}</th>
            <th scope="col">{t('chrony.frequency')}</th>
            <th scope="col">{t('chrony.offset')}</th>
            <th scope="col">{t('chrony.deviation')}</th>
          </tr>
        </thead>
        <tbody>
          {stats.map((row) => (
            <tr key={`${row.name} ${row.address}`}>
              <td>{row.name}</td>
              <td className={styles.number}>
                {row.samples} / {row.runs}
              </td>
              <td className={styles.number}>{formatAge(row.spanSeconds)}</td>
              <td className={styles.number}>
                {formatPpm(row.residualFrequencyPpm).replace(' ppm', '')} ± {row.skewPpm.toFixed(3)} ppm
              </td>
              <td className={styles.number}>{formatSeconds(row.offsetSeconds, { signed: true })}</td>
              <td className={styles.number}>{formatDuration(row.standardDeviationSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
