/** What the page must say before anything else: a lost connection, a configuration that did not load, a stopped history. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { useLive } from '../live/index.tsx';
import { Moment } from '../values/moment.tsx';
import styles from './banners.module.css';
import { SilentFor } from './connection-sign.tsx';

function Banner({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={styles.banner} role="status">
      <strong>{title}</strong> <span>{children}</span>
    </div>
  );
}

export function Banners() {
  const { t } = useTranslation();
  const say = useSay();
  const connection = useLive((state) => state.connection);
  const at = useLive((state) => state.cluster?.at);
  const status = useLive((state) => state.status);
  const configProblem = status?.configProblem ?? null;
  const stopped = status?.history.state === 'stopped' ? status.history : null;
  return (
    <>
      {connection === 'lost' && (
        <Banner title={t('banner.lost')}>
          {t('banner.lostFor')} <SilentFor />
          {t('banner.lostKept')} {at !== undefined && <Moment at={at} />}
          {t('banner.lostRetry')}
        </Banner>
      )}
      {configProblem !== null && (
        <Banner title={t('banner.config')}>
          <Moment at={configProblem.at} />: {say(configProblem.text)} {t('banner.configKept')}
        </Banner>
      )}
      {stopped !== null && (
        <Banner title={t('banner.history')}>
          {stopped.problem === null ? '' : say(stopped.problem)} {t('banner.historyGoesOn')}
        </Banner>
      )}
    </>
  );
}
