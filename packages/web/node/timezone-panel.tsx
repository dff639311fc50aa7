import type { NodePage } from '@clockwarden/api/console';
import { useTranslation } from 'react-i18next';
import { useLive } from '../live/index.tsx';
import { Fact, Facts } from '../shell/facts.tsx';
import { Panel } from '../shell/panel.tsx';
import { NotMeasured } from '../values/not-measured.tsx';
import { utcOffsetText } from '../values/time-text.ts';
import { Provenance } from './provenance.tsx';

export function TimezonePanel({
  page,
  receivedAt,
}: {
  readonly page: NodePage;
  readonly receivedAt: number;
}) {
  const { t } = useTranslation();
  const wanted = useLive((state) => state.cluster?.timezonePolicy ?? null);
  const { timezone, timedatectl } = page;
  const rtcLocal = timedatectl?.value.rtcInLocalTz ?? null;
  return (
    <Panel
      title={t('timezone.title')}
      actions={timezone === null ? undefined : <Provenance {...timezone} receivedAt={receivedAt} />}
    >
      {timezone === null ? (
        <p>{t('why.timezone')}</p>
      ) : (
        <Facts>
          <Fact name={t('timezone.name')}>
            {timezone.value.name ?? <NotMeasured why={t('timezone.unnamed')} />}
            {timezone.value.utcOffsetSeconds !== null &&
              ` · ${utcOffsetText(timezone.value.utcOffsetSeconds)}`}
          </Fact>
          <Fact name={t('timezone.wanted')}>{wanted ?? t('timezone.noPolicy')}</Fact>
          <Fact name={<code>/etc/localtime</code>}>
            {timezone.value.localtime === null ? (
              <NotMeasured why={t('why.value')} />
            ) : (
              t(`timezone.localtime.${timezone.value.localtime}`)
            )}
          </Fact>
          {timezone.value.conflictingName !== null && (
            <Fact name={<code>/etc/timezone</code>} note={t('timezone.conflict')}>
              {timezone.value.conflictingName}
            </Fact>
          )}
          {rtcLocal !== null && (
            <Fact name={<code>RTC in local TZ</code>} note={rtcLocal ? t('timezone.rtcNote') : undefined}>
              {t(rtcLocal ? 'yes' : 'no')}
            </Fact>
          )}
        </Facts>
      )}
    </Panel>
  );
}
