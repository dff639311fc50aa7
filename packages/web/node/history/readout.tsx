/** What the pictures show at the moment under the pointer, in numbers. */
import { formatPpm } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { Moment } from '../../values/moment.tsx';
import { offsetText } from '../../values/offset.tsx';
import type { HistoryColumns } from './columns.ts';
import styles from './history-panel.module.css';

interface ReadoutProps {
  readonly columns: HistoryColumns;
  /** Null: the pointer is elsewhere. */
  readonly index: number | null;
}

/** The line is always there: a picture that moves under the pointer cannot be read. */
export function Readout({ columns, index }: ReadoutProps) {
  const { t } = useTranslation();
  const at = index === null ? undefined : columns.at[index];
  if (index === null || at === undefined) return <p className={styles.readout}>{t('history.point')}</p>;
  const offset = offsetAt(columns, index);
  const frequency = columns.frequencyPpm[index] ?? null;
  const answered = columns.answered[index] ?? null;
  return (
    <p className={styles.readout}>
      <Moment at={new Date(at * 1_000).toISOString()} />
      <b>{offset ?? t('history.noOffset')}</b>
      {frequency !== null && <span>{formatPpm(frequency)}</span>}
      {answered !== null && <span>{t('history.answered', { answered })}</span>}
    </p>
  );
}

/** Null: it was not measured then. */
function offsetAt({ mean, low, high }: HistoryColumns, index: number): string | null {
  const [seconds = null, lowSeconds = null, highSeconds = null] = [mean[index], low[index], high[index]];
  if (seconds === null || lowSeconds === null || highSeconds === null) return null;
  return offsetText({ seconds, lowSeconds, highSeconds });
}
