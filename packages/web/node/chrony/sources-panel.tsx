import type { NodePage } from '@clockwarden/api/console';
import { type ExplainedRow, type Explanation, explainChrony } from '@clockwarden/core/explain';
import type { ChronySource } from '@clockwarden/core/observe';
import { formatAge, formatDuration, formatOffset } from '@clockwarden/core/text';
import { estimate } from '@clockwarden/core/time';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Conclusions } from '../../explain/conclusions.tsx';
import { useSay } from '../../i18n/index.ts';
import { Panel } from '../../shell/panel.tsx';
import { NotMeasured } from '../../values/not-measured.tsx';
import { ReachSquares } from '../../values/reach-squares.tsx';
import styles from '../node-page.module.css';
import { Provenance } from '../provenance.tsx';
import chronyStyles from './chrony.module.css';
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
  const state = page.chrony?.value ?? null;
  const explanation = useMemo(() => (state === null ? null : explainChrony(state)), [state]);
  if (page.chrony === null || explanation === null) return null;
  const { sources, sourceStats } = page.chrony.value;
  return (
    <>
      <Conclusions conclusions={explanation.conclusions} />
      <Panel title={t('chrony.sources')} actions={<Provenance {...page.chrony} receivedAt={receivedAt} />}>
        {sources === null ? (
          <p>{t('chrony.notSeen')}</p>
        ) : sources.length === 0 ? (
          <p>{t('chrony.noSources')}</p>
        ) : (
          <Sources sources={sources} explanation={explanation} />
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

function Sources({
  sources,
  explanation,
}: {
  readonly sources: readonly ChronySource[];
  readonly explanation: Explanation;
}) {
  const { t } = useTranslation();
  const say = useSay();
  // A row of the explanation for each source, in the same order.
  const rows = explanation.sections.find((section) => section.kind === 'chrony-sources')?.rows ?? [];
  const summaryOf = (row: ExplainedRow | undefined): string => (row === undefined ? '' : say(row.summary));
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
          {sources.map((source, place) => (
            <tr key={`${source.name} ${source.address}`}>
              <td className={styles.number}>
                <code className={chronyStyles.mark}>{rows[place]?.mark}</code>{' '}
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
              <td className={chronyStyles.meaning}>{summaryOf(rows[place])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
