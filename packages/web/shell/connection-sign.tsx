import { formatAge } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { useLive } from '../live/index.tsx';
import { useNow } from '../live/now.ts';
import styles from './connection-sign.module.css';

/** Live, connecting or lost: a word and a shape, in the header of every page. */
export function ConnectionSign() {
  const { t } = useTranslation();
  const connection = useLive((state) => state.connection);
  return (
    <span className={`${styles.sign} ${styles[connection]}`}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        {connection === 'lost' ? (
          <path d="M2 2l6 6M8 2L2 8" stroke="currentColor" strokeWidth="2" />
        ) : (
          <circle
            cx="5"
            cy="5"
            r="3.5"
            fill={connection === 'live' ? 'currentColor' : 'none'}
            stroke="currentColor"
            strokeWidth="1.5"
          />
        )}
      </svg>
      <span>{t(`connection.${connection}`)}</span>
    </span>
  );
}

/** How long nothing has been heard; for the banner. */
export function SilentFor() {
  const now = useNow();
  const heardAt = useLive((state) => state.heardAt);
  return <>{heardAt === null ? '' : formatAge(Math.max(0, now - heardAt) / 1_000)}</>;
}
