import type { NodePage } from '@clockwarden/api/console';
import type { ChronyTracking as TrackingReport } from '@clockwarden/core/observe';
import { formatDuration, formatPpm, formatSeconds } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../../shell/facts.tsx';
import { Panel } from '../../shell/panel.tsx';
import { Moment } from '../../values/moment.tsx';
import { NotMeasured } from '../../values/not-measured.tsx';
import { Provenance } from '../provenance.tsx';

/** `chronyc tracking`, units made equal and signs ours. */
export function ChronyTracking({
  page,
  receivedAt,
}: {
  readonly page: NodePage;
  readonly receivedAt: number;
}) {
  const { t } = useTranslation();
  const tracking = page.chrony?.value.tracking ?? null;
  if (page.chrony === null || tracking === null) return null;
  return (
    <Panel title={t('chrony.tracking')} actions={<Provenance {...page.chrony} receivedAt={receivedAt} />}>
      <Tracking tracking={tracking} />
    </Panel>
  );
}

function Tracking({ tracking }: { readonly tracking: TrackingReport }) {
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
