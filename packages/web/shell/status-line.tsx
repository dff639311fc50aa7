/** The server's own state, at the foot of every page and never mixed with the cluster's verdict. */
import type { ServerStatus } from '@clockwarden/api/console';
import { formatAge, formatDuration } from '@clockwarden/core/text';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/index.ts';
import { useLive } from '../live/index.tsx';
import { bytesText } from '../values/bytes.ts';
import styles from './status-line.module.css';

export function StatusLine() {
  const { t } = useTranslation();
  const language = useLanguage();
  const status = useLive((state) => state.status);
  return (
    <footer className={styles.line}>
      {status === null ? (
        <span>{t('statusLine.waiting')}</span>
      ) : (
        <>
          <span>Clockwarden {status.version}</span>
          {status.rounds.map((round) => (
            <Round key={round.source} round={round} />
          ))}
          <History history={status.history} />
          <span>{t('statusLine.memory', { size: bytesText(status.memoryBytes) })}</span>
          <a href={`/api/docs?lang=${language}`}>{t('statusLine.api')}</a>
        </>
      )}
    </footer>
  );
}

function Round({ round }: { readonly round: ServerStatus['rounds'][number] }) {
  const { t } = useTranslation();
  return (
    <span>
      <code>{round.source}</code>{' '}
      {t('statusLine.round', {
        every: formatAge(round.intervalSeconds),
        answered: round.answered,
        total: round.answered + round.failed,
      })}
      {round.tookSeconds === null ? '' : ` · ${formatDuration(round.tookSeconds)}`}
    </span>
  );
}

function History({ history }: { readonly history: ServerStatus['history'] }) {
  const { t } = useTranslation();
  return (
    <span title={history.path}>
      {t(`statusLine.history.${history.state}`)}
      {history.state === 'off' ? '' : ` ${bytesText(history.bytes)} / ${bytesText(history.maxBytes)}`}
    </span>
  );
}
