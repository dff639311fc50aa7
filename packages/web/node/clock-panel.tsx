import type { NodeSnapshot } from '@clockwarden/api/snapshot';
import { formatDuration } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../shell/facts.tsx';
import { Panel } from '../shell/panel.tsx';
import { NotMeasured } from '../values/not-measured.tsx';
import { Offset } from '../values/offset.tsx';
import { Provenance } from './provenance.tsx';

/** The clock against the median, this machine, and what its own daemon follows. */
export function ClockPanel({
  node,
  receivedAt,
}: {
  readonly node: NodeSnapshot;
  readonly receivedAt: number;
}) {
  const { t } = useTranslation();
  const { clock, offset, sync } = node;
  const measured = clock ?? offset;
  return (
    <Panel
      title={t('clock.title')}
      actions={
        measured === null ? undefined : (
          <Provenance source={measured.source} ageSeconds={measured.ageSeconds} receivedAt={receivedAt} />
        )
      }
    >
      <Facts>
        <Fact name={t('clock.median')}>
          <Offset value={offset} whyNot={t(clock === null ? 'why.noClock' : 'why.noMedian')} />
        </Fact>
        <Fact
          name={t('clock.collector')}
          note={clock === null ? undefined : t(`clock.stamped.${clock.stampedBy}`)}
        >
          <Offset value={clock} whyNot={t('why.noClock')} />
        </Fact>
        <Fact name={t('clock.delay')}>
          {clock?.delaySeconds === null || clock === null ? (
            <NotMeasured why={t('clock.noDelay')} />
          ) : (
            formatDuration(clock.delaySeconds)
          )}
        </Fact>
        <Fact name={t('clock.reference')} note={t('clock.referenceNote')}>
          <Offset value={sync?.referenceOffset ?? null} whyNot={t('clock.noReference')} />
        </Fact>
      </Facts>
    </Panel>
  );
}
