import { useTranslation } from 'react-i18next';
import { useLive } from '../live/index.tsx';
import { GrowingAge } from '../values/age.tsx';
import styles from './node-page.module.css';

/** Which source said it, and how long ago. */
export function Provenance({
  source,
  ageSeconds,
  receivedAt,
}: {
  readonly source: string | null;
  readonly ageSeconds: number | null;
  readonly receivedAt: number;
}) {
  const { t } = useTranslation();
  const rounds = useLive((state) => state.status?.rounds);
  if (source === null) return null;
  const interval = rounds?.find((round) => round.source === source)?.intervalSeconds ?? 60;
  return (
    <span className={styles.soft}>
      {t('node.from')} <code>{source}</code>
      {ageSeconds !== null && (
        <>
          {' · '}
          <GrowingAge seconds={ageSeconds} receivedAt={receivedAt} intervalSeconds={interval} />
        </>
      )}
    </span>
  );
}
