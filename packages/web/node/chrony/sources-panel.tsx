import type { NodePage } from '@clockwarden/api/console';
import type { ChronySource } from '@clockwarden/core/observe';
import { formatAge, formatDuration, formatOffset } from '@clockwarden/core/text';
import { estimate } from '@clockwarden/core/time';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../shell/panel.tsx';
import { NotMeasured } from '../../values/not-measured.tsx';
import { ReachSquares } from '../../values/reach-squares.tsx';
import styles from '../node-page.module.css';
import { Provenance } from '../provenance.tsx';
import chronyStyles from './chrony.module.css';
import { markOf, remarksOn } from './meaning.ts';
import { SourceStats } from './source-stats.tsx';

/** `chronyc sources` and `sourcestats` as a person needs them: each mark explained, reach as its eight polls. */
export function ChronySources({
  page,
  receivedAt,
}: {
  readonly page: NodePage;
  readonly receivedAt: number;
}) {
  const { t } = useTranslation();
  if (page.chrony === null) return null;
  const { sources, sourceStats } = page.chrony.value;
  return (
    <>
      <Panel title={t('chrony.sources')} actions={<Provenance {...page.chrony} receivedAt={receivedAt} />}>
        {sources === null ? (
          <p>{t('chrony.notSeen')}</p>
        ) : sources.length === 0 ? (
          <p>{t('chrony.noSources')}</p>
        ) : (
          <Sources sources={sources} />
        )}
      </Panel>
      {sourceStats !== null && sourceStats.length > 0 && (
        <Panel title={t('chrony.stats')} about={t('chrony.statsAbout')}>
          <SourceStats stats={sourceStats} />
        </Panel>
      )}
    </>
  );
}

function Sources({ sources }: { readonly sources: readonly ChronySource[] }) {
  const { t } = useTranslation();
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('chrony.mark')}</th>
            <th scope="col">{t('chrony.source')}</th>
            <th scope="col">{t('column.stratum')}</th>
            <th scope="col">{t('chrony.poll')}</th>
            <th scope="col">{t('chrony.reach')}</th>
            <th scope="col">{t('chrony.lastSample')}</th>
            <th scope="col">{t('chrony.offset')}</th>
            <th scope="col">{t('chrony.meaning')}</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <tr key={`${source.name} ${source.address}`}>
              <td className={styles.number}>
                <code className={chronyStyles.mark}>{markOf(source)}</code>{' '}
                {t(`chrony.state.${source.state}`)}
              </td>
              <td>
                {source.name}
                {source.address !== source.name && <span className={styles.soft}> {source.address}</span>}
              </td>
              <td>{source.stratum}</td>
              <td className={styles.number}>{formatDuration(2 ** source.poll)}</td>
              <td>
                <ReachSquares reach={source.reach} />
              </td>
              <td className={styles.number}>
                {source.lastSampleAgeSeconds === null ? (
                  <NotMeasured why={t('chrony.neverSampled')} />
                ) : (
                  formatAge(source.lastSampleAgeSeconds)
                )}
              </td>
              <td className={styles.number}>
                {source.lastSampleAgeSeconds === null ? (
                  <NotMeasured why={t('chrony.neverSampled')} />
                ) : (
                  formatOffset(estimate(source.adjustedOffsetSeconds, source.errorSeconds))
                )}
              </td>
              <td className={chronyStyles.meaning}>
                {t(`chrony.stateMeans.${source.state}`)}
                {remarksOn(source).map((remark) => (
                  <span key={remark.key}> {remarkText(remark, t)}</span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function remarkText(
  remark: ReturnType<typeof remarksOn>[number],
  t: ReturnType<typeof useTranslation>['t'],
): string {
  if (remark.key === 'someLost') return t('chrony.remark.someLost', { lost: remark.lost });
  if (remark.key === 'neverAnswered') return t('chrony.remark.neverAnswered');
  return t('chrony.remark.samplesRejected', { age: formatAge(remark.ageSeconds) });
}
