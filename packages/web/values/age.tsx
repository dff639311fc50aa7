import { formatAge } from '@clockwarden/core/text';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { LiveRow } from '../live/index.tsx';
import { useLive } from '../live/index.tsx';
import { useNow } from '../live/now.ts';
import { ageOfRow, intervalOf, stalenessOf } from '../live/staleness.ts';
import styles from './age.module.css';
import { NotMeasured } from './not-measured.tsx';

interface AgeProps {
  readonly seconds: number;
  readonly intervalSeconds: number;
  readonly t: TFunction;
}

/** Greyed after two intervals, named stale after five. */
function Age({ seconds, intervalSeconds, t }: AgeProps) {
  const staleness = stalenessOf(seconds, intervalSeconds);
  return (
    <span className={styles[staleness]}>
      {formatAge(seconds)}
      {staleness === 'stale' ? ` · ${t('age.stale')}` : ''}
    </span>
  );
}

export function RowAge({ row, t }: { readonly row: LiveRow; readonly t: TFunction }) {
  const now = useNow();
  const status = useLive((state) => state.status);
  const seconds = ageOfRow(row, now);
  if (seconds === null) return <NotMeasured why={t('age.never')} />;
  return <Age seconds={seconds} intervalSeconds={intervalOf(row, status)} t={t} />;
}

/** The age of something that came with a reply, growing since. `receivedAt`: performance.now() of the reply. */
export function GrowingAge({
  seconds,
  receivedAt,
  intervalSeconds,
}: {
  readonly seconds: number;
  readonly receivedAt: number;
  readonly intervalSeconds: number;
}) {
  const { t } = useTranslation();
  const now = useNow();
  const grown = seconds + Math.max(0, now - receivedAt) / 1_000;
  return <Age seconds={grown} intervalSeconds={intervalSeconds} t={t} />;
}
