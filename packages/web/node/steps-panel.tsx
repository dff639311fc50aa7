import type { Step } from '@clockwarden/api/console';
import { formatOffset } from '@clockwarden/core/text';
import { estimate } from '@clockwarden/core/time';
import { useTranslation } from 'react-i18next';
import { Panel } from '../shell/panel.tsx';
import { Moment } from '../values/moment.tsx';
import styles from './node-page.module.css';

const MOST_SHOWN = 20;

export function StepsPanel({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useTranslation();
  const newest = [...steps].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, MOST_SHOWN);
  return (
    <Panel title={t('steps.title')}>
      {newest.length === 0 ? (
        <p className={styles.soft}>{t('steps.none')}</p>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t('steps.when')}</th>
                <th scope="col">{t('steps.size')}</th>
              </tr>
            </thead>
            <tbody>
              {newest.map((step) => (
                <tr key={step.at}>
                  <td>
                    <Moment at={step.at} />
                  </td>
                  <td className={styles.number}>{formatOffset(estimate(step.seconds, step.boundSeconds))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={styles.note}>{t('steps.note')}</p>
    </Panel>
  );
}
