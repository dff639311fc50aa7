import { formatAge } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { useLive } from '../live/index.tsx';
import { useNow } from '../live/now.ts';
import { StatusShape } from '../status/status-mark.tsx';
import { Moment } from '../values/moment.tsx';
import styles from './headline.module.css';

/** Is the cluster one in time, and if not, who and why: one sentence, with the age of the data beside it. */
export function Headline() {
  const say = useSay();
  const { t } = useTranslation();
  const cluster = useLive((state) => state.cluster);
  if (cluster === null) return <h1 className={styles.waiting}>{t('loading.cluster')}</h1>;
  return (
    <div className={styles.headline}>
      <StatusShape status={cluster.verdict} size={24} />
      <div>
        <h1 aria-live="polite">{say(cluster.headline)}</h1>
        <p className={styles.age}>
          {t('headline.asOf')} <Moment at={cluster.at} /> · <HeadlineAge />
        </p>
      </div>
    </div>
  );
}

function HeadlineAge() {
  const { t } = useTranslation();
  const now = useNow();
  const receivedAt = useLive((state) => state.clusterReceivedAt);
  return <>{t('headline.ago', { age: formatAge(Math.max(0, now - receivedAt) / 1_000) })}</>;
}
