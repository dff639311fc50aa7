import type { NodePage } from '@clockwarden/api/console';
import { formatDuration, formatPpm, formatSeconds } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { Fact, Facts } from '../shell/facts.tsx';
import { Panel } from '../shell/panel.tsx';
import { NotMeasured } from '../values/not-measured.tsx';
import { Provenance } from './provenance.tsx';

/** adjtimex(2): what the kernel itself says of its clock. */
export function KernelPanel({ page, receivedAt }: { readonly page: NodePage; readonly receivedAt: number }) {
  const { t } = useTranslation();
  const { kernel, sync } = page.node;
  const unknown = <NotMeasured why={t('why.kernel')} />;
  const chrony = sync?.daemon === 'chronyd';
  return (
    <Panel
      title={t('kernel.title')}
      actions={
        page.kernelBits === null ? undefined : <Provenance {...page.kernelBits} receivedAt={receivedAt} />
      }
    >
      {kernel === null ? (
        <p>{t('why.kernel')}</p>
      ) : (
        <Facts>
          <Fact name="STA_UNSYNC" note={t(kernel.unsync ? 'kernel.setNote' : 'kernel.clearNote')}>
            {t(kernel.unsync ? 'kernel.setWord' : 'kernel.clearWord')}
          </Fact>
          <Fact name={t('kernel.maxError')} note={t('kernel.maxErrorNote')}>
            {kernel.maxErrorSeconds === null ? unknown : formatDuration(kernel.maxErrorSeconds)}
          </Fact>
          <Fact name={t('kernel.estError')}>
            {kernel.estErrorSeconds === null ? unknown : formatDuration(kernel.estErrorSeconds)}
          </Fact>
          <Fact name={t('kernel.frequency')}>
            {kernel.frequencyPpm === null ? unknown : formatPpm(kernel.frequencyPpm)}
          </Fact>
          <Fact name={t('kernel.offset')} note={t(chrony ? 'kernel.offsetChrony' : 'kernel.offsetOther')}>
            {kernel.offsetSeconds === null ? unknown : formatSeconds(kernel.offsetSeconds, { signed: true })}
          </Fact>
          {page.kernelBits !== null && (
            <Fact name={t('kernel.bits')}>
              <code>{page.kernelBits.value.join(' ') || '0'}</code>
            </Fact>
          )}
          {page.host !== null && (
            <Fact name={t('kernel.host')}>
              {[page.host.value.osName, page.host.value.kernel].filter(Boolean).join(' · ') || unknown}
            </Fact>
          )}
        </Facts>
      )}
    </Panel>
  );
}
