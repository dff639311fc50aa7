/**
 * The cells of a row as plain functions, with the words handed in: a screenful has hundreds of them, renewed at every
 * round, and a hook or a component in each would cost more than all they show.
 */
import type { Text } from '@clockwarden/core/text';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import type { LiveRow } from '../live/index.tsx';
import { StatusMark } from '../status/status-mark.tsx';
import { RowAge } from '../values/age.tsx';
import { Moment } from '../values/moment.tsx';
import { NotMeasured } from '../values/not-measured.tsx';
import { Offset } from '../values/offset.tsx';
import styles from './nodes-list.module.css';
import type { ColumnId } from './view.ts';

export interface Words {
  readonly t: TFunction;
  readonly say: (words: Text) => string;
}

type CellOf = (row: LiveRow, words: Words) => ReactNode;

/** "Time Sync / NTP" in one cell: synchronized or not, by which daemon, from whom, at which stratum. */
const sync: CellOf = (row, { t }) => {
  if (row.synchronized === null && row.daemon === null) return <NotMeasured why={t('why.sync')} />;
  const word = row.synchronized === null ? t('sync.unknown') : t(row.synchronized ? 'sync.yes' : 'sync.no');
  // systemd-timesyncd is long, and there is no other timesyncd; the daemon's own column spells it out.
  const daemon = row.daemon?.replace(/^systemd-/, '') ?? t('sync.noDaemon');
  const source = row.follows === null ? '' : ` ← ${row.follows}`;
  const stratum = row.stratum === null ? '' : ` · ${t('sync.stratum', { stratum: row.stratum })}`;
  return (
    <span className={styles.sync}>
      <span className={row.synchronized === false ? styles.strong : undefined}>{word}</span>
      <span className={styles.soft}>{`${daemon}${source}${stratum}`}</span>
    </span>
  );
};

const reason: CellOf = (row, { t, say }) => {
  if (row.worst === null) return <span className={styles.soft}>{t('reason.none')}</span>;
  const words = say(row.worst.text);
  return <span title={words}>{words}</span>;
};

function plain(value: string | number | null, why: string): ReactNode {
  return value === null ? <NotMeasured why={why} /> : <span title={String(value)}>{value}</span>;
}

export const cells: Readonly<Record<ColumnId, CellOf>> = {
  status: (row, { say }) => <StatusMark status={row.status} say={say} />,
  name: (row) => (
    <a href={`/nodes/${encodeURIComponent(row.name)}`} className={styles.link} title={row.name}>
      {row.name}
    </a>
  ),
  role: (row, { t }) => <span>{t(`role.${row.role}`)}</span>,
  sync,
  offset: (row, { t }) => (
    <Offset value={row.offset} whyNot={t(row.clock === null ? 'why.noClock' : 'why.noMedian')} />
  ),
  reason,
  timezone: (row, { t }) => plain(row.timezone, t('why.timezone')),
  age: (row, { t }) => <RowAge row={row} t={t} />,
  address: (row) => plain(row.address, ''),
  daemon: (row, { t }) => plain(row.daemon, t('why.sync')),
  follows: (row, { t }) => plain(row.follows, t('why.follows')),
  stratum: (row, { t }) => plain(row.stratum, t('why.sync')),
  kernel: (row, { t }) =>
    row.unsync === null ? (
      <NotMeasured why={t('why.kernel')} />
    ) : (
      <span>{t(row.unsync ? 'kernel.set' : 'kernel.clear')}</span>
    ),
  since: (row, { t }) =>
    row.since === null ? <NotMeasured why={t('why.since')} /> : <Moment at={row.since} />,
};
