import type { ClusterHeader } from '@clockwarden/api/console';
import { formatDuration } from '@clockwarden/core/text';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { StatusShape } from '../status/status-mark.tsx';
import { NotMeasured } from '../values/not-measured.tsx';
import { Offset } from '../values/offset.tsx';
import styles from './cluster-facts.module.css';

/** The numbers of the cluster as a whole, and the reasons that concern it as a whole. */
export function ClusterFacts({ cluster }: { readonly cluster: ClusterHeader }) {
  const { t } = useTranslation();
  const say = useSay();
  const { median, controlPlaneSpread, fromReference, limits } = cluster;
  return (
    <div>
      <dl className={styles.facts}>
        <Fact name={t('facts.median')} about={t('facts.medianAbout', { nodes: median?.nodes ?? 0 })}>
          <Offset
            value={median === null ? null : { ...median, seconds: median.offsetSeconds }}
            whyNot={t('why.noMedian')}
          />
        </Fact>
        <Fact
          name={t('facts.spread')}
          about={t('facts.spreadAbout', { limit: formatDuration(limits.controlPlaneSpreadSeconds) })}
        >
          {controlPlaneSpread === null ? (
            <NotMeasured why={t('facts.spreadWhyNot')} />
          ) : (
            `≤ ${formatDuration(controlPlaneSpread.highSeconds)}`
          )}
        </Fact>
        {cluster.reference !== null && (
          <Fact name={t('facts.reference')} about={cluster.reference}>
            <Offset value={fromReference} whyNot={t('facts.referenceWhyNot')} />
          </Fact>
        )}
        <Fact name={t('facts.limits')} about={t('facts.limitsAbout')}>
          {formatDuration(limits.medianWarningSeconds)} / {formatDuration(limits.medianCriticalSeconds)}
        </Fact>
      </dl>
      {cluster.reasons.length > 0 && (
        <ul className={styles.reasons}>
          {cluster.reasons.map((reason) => (
            <li key={reason.code}>
              {reason.severity !== 'info' && <StatusShape status={reason.severity} />}
              <span>
                {say(reason.text)}
                {reason.endangers !== null && <span className={styles.soft}> {say(reason.endangers)}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Fact({
  name,
  about,
  children,
}: {
  readonly name: string;
  readonly about: string;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={styles.value}>{children}</dd>
      <dd className={styles.soft}>{about}</dd>
    </div>
  );
}
