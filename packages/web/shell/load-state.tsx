import { useTranslation } from 'react-i18next';
import { useLive } from '../live/index.tsx';
import styles from './load-state.module.css';
import { Command, Notice } from './notice.tsx';

/** Before the first data: the outline of the list, or why there is none. */
export function LoadState() {
  const { t } = useTranslation();
  const problem = useLive((state) => state.problem);
  if (problem === 'unreachable' || problem === 'failed') {
    return (
      <Notice title={t(`load.${problem}`)}>
        <p>{t(`load.${problem}About`)}</p>
        <p>
          <Command command="clockwarden serve" what={t('copy.command')} />
        </p>
      </Notice>
    );
  }
  return (
    <div className={styles.skeleton} aria-busy="true">
      <p className="visually-hidden">{t('loading.cluster')}</p>
      {Array.from({ length: 12 }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without content have nothing else
        <div key={line} className={styles.line} />
      ))}
    </div>
  );
}
