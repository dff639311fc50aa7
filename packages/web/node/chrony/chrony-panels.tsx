import type { NodePage } from '@clockwarden/api/console';
import type { ChronySource, ChronySourceStats, ChronyTracking } from '@clockwarden/core/observe';
import { formatAge, formatDuration, formatOffset, formatPpm, formatSeconds } from '@clockwarden/core/text';
import { estimate } from '@clockwarden/core/time';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../shell/facts.tsx';
import { Panel } from '../../shell/panel.tsx';
import { Moment } from '../../values/moment.tsx';
import { NotMeasured } from '../../values/not-measured.tsx';
import { ReachSquares } from '../../values/reach-squares.tsx';
import styles from '../node-page.module.css';
import { Provenance } from '../provenance.tsx';
import chronyStyles from './chrony.module.css';
import { markOf, remarksOn } from './meaning.ts';

/** Tracking, sources and sourcestats as a person needs them. */
export function ChronyPanels({ page, receivedAt }: { readonly page: NodePage; readonly receivedAt: number }) {
  const { t } = useTranslation();
  if (page.chrony === null) return null;
  const { tracking, sources, sourceStats } = page.chrony.value;
  const from = <Provenance {...page.chrony} receivedAt={receivedAt} />;
  return (
    <>
      <div className={styles.wide}>
        <Panel title={t('chrony.sources')} actions={from}>
          {sources === null ? (
            <p>{t('chrony.notSeen')}</p>
          ) : sources.length === 0 ? (
            <p>{t('chrony.noSources')}</p>
          ) : (
            <Sources sources={sources} />
          )}
        </Panel>
      </div>
      {sourceStats !== null && sourceStats.length > 0 && (
        <div className={styles.wide}>
          <Panel title={t('chrony.stats')} about={t('chrony.statsAbout')}>
            <SourceStats stats={sourceStats} />
          </Panel>
        </div>
      )}
      {tracking !== null && (
        <Panel title={t('chrony.tracking')} actions={from}>
          <Tracking tracking={tracking} />
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

function SourceStats({ stats }: { readonly stats: readonly ChronySourceStats[] }) {
  const { t } = useTranslation();
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('chrony.source')}</th>
            <th scope="col">{t('chrony.samples')}</th>
            <th scope="col">{t('chrony.span')}</th>
            <th scope="col">{t('chrony.frequency')}</th>
            <th scope="col">{t('chrony.offset')}</th>
            <th scope="col">{t('chrony.deviation')}</th>
          </tr>
        </thead>
        <tbody>
          {stats.map((row) => (
            <tr key={`${row.name} ${row.address}`}>
              <td>{row.name}</td>
              <td className={styles.number}>
                {row.samples} / {row.runs}
              </td>
              <td className={styles.number}>{formatAge(row.spanSeconds)}</td>
              <td className={styles.number}>
                {formatPpm(row.residualFrequencyPpm).replace(' ppm', '')} ± {row.skewPpm.toFixed(3)} ppm
              </td>
              <td className={styles.number}>{formatSeconds(row.offsetSeconds, { signed: true })}</td>
              <td className={styles.number}>{formatDuration(row.standardDeviationSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Tracking({ tracking }: { readonly tracking: ChronyTracking }) {
  const { t } = useTranslation();
  const signed = (seconds: number): string => formatSeconds(seconds, { signed: true });
  return (
    <Facts>
      <Fact name={t('tracking.reference')}>
        {tracking.refName ?? <NotMeasured why={t('why.follows')} />} <code>{tracking.refId}</code>
        {tracking.refId.toUpperCase() === '7F7F0101' && ` · ${t('tracking.local')}`}
      </Fact>
      <Fact
        name={t('column.stratum')}
        note={tracking.stratum === 0 ? t('tracking.unsynchronized') : undefined}
      >
        {tracking.stratum}
      </Fact>
      <Fact name={t('tracking.referenceTime')}>
        {tracking.referenceTimeSeconds === null ? (
          <NotMeasured why={t('tracking.noUpdate')} />
        ) : (
          <Moment at={new Date(tracking.referenceTimeSeconds * 1_000).toISOString()} />
        )}
      </Fact>
      <Fact name={t('tracking.systemTime')} note={t('tracking.systemTimeNote')}>
        {signed(tracking.systemOffsetSeconds)}
      </Fact>
      <Fact name={t('tracking.lastOffset')}>{signed(tracking.lastOffsetSeconds)}</Fact>
      <Fact name={t('tracking.rmsOffset')}>{formatDuration(tracking.rmsOffsetSeconds)}</Fact>
      <Fact name={t('tracking.frequency')} note={t('tracking.frequencyNote')}>
        {formatPpm(tracking.frequencyPpm).replace(' ppm', '')} ± {tracking.skewPpm.toFixed(3)} ppm
      </Fact>
      <Fact name={t('tracking.rootDelay')}>{formatDuration(tracking.rootDelaySeconds)}</Fact>
      <Fact name={t('tracking.rootDispersion')}>{formatDuration(tracking.rootDispersionSeconds)}</Fact>
      <Fact name={t('tracking.interval')}>{formatDuration(tracking.updateIntervalSeconds)}</Fact>
    </Facts>
  );
}
