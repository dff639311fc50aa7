import type { NodeSnapshot } from '@clockwarden/api/snapshot';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { Panel } from '../shell/panel.tsx';
import { StatusMark } from '../status/status-mark.tsx';
import { evidenceText } from './evidence.ts';
import { Provenance } from './provenance.tsx';
import styles from './reasons-panel.module.css';

/** Each reason of the verdict: what is so, what it endangers, and the numbers it stands on. */
export function ReasonsPanel({
  node,
  receivedAt,
}: {
  readonly node: NodeSnapshot;
  readonly receivedAt: number;
}) {
  const { t } = useTranslation();
  const say = useSay();
  if (node.reasons.length === 0) return null;
  return (
    <Panel title={t('node.reasons')}>
      <ul className={styles.reasons}>
        {node.reasons.map((reason) => (
          <li key={`${reason.code} ${reason.source}`}>
            <div>
              {reason.severity === 'info' ? (
                t('node.info')
              ) : (
                <StatusMark status={reason.severity} say={say} />
              )}
            </div>
            <div>
              <p className={styles.text}>{say(reason.text)}</p>
              {reason.endangers !== null && <p>{say(reason.endangers)}</p>}
              <p className={styles.evidence}>
                <code>{reason.code}</code>
                {Object.entries(reason.evidence).map(([name, value]) => (
                  <span key={name}>
                    {name} {evidenceText(name, value)}
                  </span>
                ))}
                <Provenance source={reason.source} ageSeconds={reason.ageSeconds} receivedAt={receivedAt} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
