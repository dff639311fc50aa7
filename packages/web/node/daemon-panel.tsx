import type { NodePage } from '@clockwarden/api/console';
import { formatDuration, formatSeconds } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../shell/facts.tsx';
import { Panel } from '../shell/panel.tsx';
import { NotMeasured } from '../values/not-measured.tsx';
import { Provenance } from './provenance.tsx';

export function DaemonPanel({ page, receivedAt }: { readonly page: NodePage; readonly receivedAt: number }) {
  const { t } = useTranslation();
  const { sync } = page.node;
  const unknown = <NotMeasured why={t('why.sync')} />;
  const yesNo = (value: boolean | null) => (value === null ? unknown : t(value ? 'yes' : 'no'));
  return (
    <Panel
      title={t('daemon.title')}
      actions={page.daemons === null ? undefined : <Provenance {...page.daemons} receivedAt={receivedAt} />}
    >
      <Facts>
        <Fact name={t('daemon.running')} note={t('daemon.one')}>
          {page.daemons === null
            ? unknown
            : page.daemons.value.length === 0
              ? t('daemon.none')
              : page.daemons.value
                  .map(({ kind, unit, running, enabled }) =>
                    [
                      kind,
                      unit === null ? '' : `(${unit})`,
                      t(running ? 'daemon.isRunning' : 'daemon.isStopped'),
                      enabled === null ? '' : t(enabled ? 'daemon.isEnabled' : 'daemon.isDisabled'),
                    ]
                      .filter(Boolean)
                      .join(' '),
                  )
                  .join('; ')}
        </Fact>
        <Fact name={t('daemon.synchronized')}>
          {sync === null || sync.synchronized === null
            ? unknown
            : t(sync.synchronized ? 'sync.yes' : 'sync.no')}
        </Fact>
        <Fact name={t('daemon.source')}>{sync?.source ?? <NotMeasured why={t('why.follows')} />}</Fact>
        <Fact name={t('column.stratum')}>{sync?.stratum ?? unknown}</Fact>
        <Fact name={t('daemon.leap')}>
          {sync === null || sync.leap === null ? unknown : t(`daemon.leaps.${sync.leap}`)}
        </Fact>
        <Fact name={t('daemon.rootDistance')} note={t('daemon.rootDistanceNote')}>
          {sync === null || sync.rootDistanceSeconds === null
            ? unknown
            : formatDuration(sync.rootDistanceSeconds)}
        </Fact>
        {page.timedatectl !== null && (
          <>
            <Fact name={<code>System clock synchronized</code>} note={t('daemon.systemClockNote')}>
              {yesNo(page.timedatectl.value.systemClockSynchronized)}
            </Fact>
            <Fact name={<code>NTP service</code>} note={t('daemon.ntpServiceNote')}>
              {page.timedatectl.value.ntpService ?? unknown}
            </Fact>
          </>
        )}
        {page.timesync !== null && <Timesync timesync={page.timesync.value} />}
      </Facts>
    </Panel>
  );
}

function Timesync({ timesync }: { readonly timesync: NonNullable<NodePage['timesync']>['value'] }) {
  const { t } = useTranslation();
  const seconds = (value: number | null, signed = false) =>
    value === null ? <NotMeasured why={t('why.value')} /> : formatSeconds(value, { signed });
  return (
    <>
      <Fact name={t('timesync.offset')} note={t('timesync.note')}>
        {seconds(timesync.offsetSeconds, true)}
      </Fact>
      <Fact name={t('timesync.delay')}>{seconds(timesync.delaySeconds)}</Fact>
      <Fact name={t('timesync.jitter')}>{seconds(timesync.jitterSeconds)}</Fact>
      <Fact name={t('timesync.poll')}>{seconds(timesync.pollIntervalSeconds)}</Fact>
    </>
  );
}
