import type { NodeSnapshot } from '@clockwarden/api/snapshot';
import { formatDuration } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { useLive } from '../live/index.tsx';
import { Panel } from '../shell/panel.tsx';
import { GrowingAge } from '../values/age.tsx';
import { NotMeasured } from '../values/not-measured.tsx';
import { Offset } from '../values/offset.tsx';
import styles from './node-page.module.css';

/** What each source last said: the tightest fresh reading decides, the others stand beside it. */
export function ReadingsPanel({
  node,
  receivedAt,
}: {
  readonly node: NodeSnapshot;
  readonly receivedAt: number;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const rounds = useLive((state) => state.status?.rounds);
  return (
    <Panel title={t('readings.title')} about={t('readings.about')}>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('readings.source')}</th>
              <th scope="col">{t('readings.target')}</th>
              <th scope="col">{t('readings.result')}</th>
              <th scope="col">{t('readings.offset')}</th>
              <th scope="col">{t('readings.took')}</th>
              <th scope="col">{t('column.age')}</th>
            </tr>
          </thead>
          <tbody>
            {node.sources.map((source) => (
              <tr key={`${source.source} ${source.target}`}>
                <td>
                  <code>{source.source}</code>
                </td>
                <td>
                  <code>{source.target}</code>
                </td>
                <td>
                  {source.failure === null ? (
                    t('readings.answered')
                  ) : (
                    <>
                      <strong>{source.failure.code}</strong>: {say(source.failure.text)}
                      {source.failure.hint !== null && (
                        <span className={styles.soft}> {say(source.failure.hint)}</span>
                      )}
                    </>
                  )}
                </td>
                <td className={styles.number}>
                  {source.offset === null ? (
                    <NotMeasured why={t('readings.noClock')} />
                  ) : (
                    <Offset value={source.offset} whyNot="" />
                  )}
                </td>
                <td className={styles.number}>{formatDuration(source.tookSeconds)}</td>
                <td className={styles.number}>
                  <GrowingAge
                    seconds={source.ageSeconds}
                    receivedAt={receivedAt}
                    intervalSeconds={
                      rounds?.find((round) => round.source === source.source)?.intervalSeconds ?? 60
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
