import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSay } from '../i18n/index.ts';
import type { LiveRow } from '../live/index.tsx';
import { StatusMark } from '../status/status-mark.tsx';
import { RowAge } from '../values/age.tsx';
import { Moment } from '../values/moment.tsx';
import { NotMeasured } from '../values/not-measured.tsx';
import { Offset } from '../values/offset.tsx';
import styles from './nodes-list.module.css';
import type { ColumnId } from './view.ts';

/** "Time Sync / NTP" in one cell: synchronized or not, by which daemon, from whom, at which stratum. */
export function SyncCell({ row }: { readonly row: LiveRow }) {
  const { t } = useTranslation();
  if (row.synchronized === null && row.daemon === null) return <NotMeasured why={t('why.sync')} />;
  const word = row.synchronized === null ? t('sync.unknown') : t(row.synchronized ? 'sync.yes' : 'sync.no');
  return (
    <span className={styles.sync}>
      <span className={row.synchronized === false ? styles.strong : undefined}>{word}</span>
      <span className={styles.soft}>
        {row.daemon?.replace(/^systemd-/, '') ?? t('sync.noDaemon')}
        {row.follows === null ? '' : ` ← ${row.follows}`}
        {row.stratum === null ? '' : ` · ${t('sync.stratum', { stratum: row.stratum })}`}
      </span>
    </span>
  );
}

export function NameCell({ row }: { readonly row: LiveRow }) {
  return (
    <Link to={`/nodes/${encodeURIComponent(row.name)}`} className={styles.link} title={row.name}>
      {row.name}
    </Link>
  );
}

function ReasonCell({ row }: { readonly row: LiveRow }) {
  const say = useSay();
  const { t } = useTranslation();
  if (row.worst === null) return <span className={styles.soft}>{t('reason.none')}</span>;
  return <span title={say(row.worst.text)}>{say(row.worst.text)}</span>;
}

function OffsetCell({ row }: { readonly row: LiveRow }) {
  const { t } = useTranslation();
  return <Offset value={row.offset} whyNot={t(row.clock === null ? 'why.noClock' : 'why.noMedian')} />;
}

function KernelCell({ row }: { readonly row: LiveRow }) {
  const { t } = useTranslation();
  if (row.unsync === null) return <NotMeasured why={t('why.kernel')} />;
  return <span>{t(row.unsync ? 'kernel.set' : 'kernel.clear')}</span>;
}

function Plain({ value, why }: { readonly value: string | number | null; readonly why: string }) {
  return value === null ? <NotMeasured why={why} /> : <span title={String(value)}>{value}</span>;
}

export function Cell({ column, row }: { readonly column: ColumnId; readonly row: LiveRow }) {
  const { t } = useTranslation();
  switch (column) {
    case 'status':
      return <StatusMark status={row.status} />;
    case 'name':
      return <NameCell row={row} />;
    case 'role':
      return <span>{t(`role.${row.role}`)}</span>;
    case 'sync':
      return <SyncCell row={row} />;
    case 'offset':
      return <OffsetCell row={row} />;
    case 'reason':
      return <ReasonCell row={row} />;
    case 'timezone':
      return <Plain value={row.timezone} why={t('why.timezone')} />;
    case 'age':
      return <RowAge row={row} />;
    case 'address':
      return <Plain value={row.address} why="" />;
    case 'daemon':
      return <Plain value={row.daemon} why={t('why.sync')} />;
    case 'follows':
      return <Plain value={row.follows} why={t('why.follows')} />;
    case 'stratum':
      return <Plain value={row.stratum} why={t('why.sync')} />;
    case 'kernel':
      return <KernelCell row={row} />;
    case 'since':
      return row.since === null ? <NotMeasured why={t('why.since')} /> : <Moment at={row.since} />;
  }
}
