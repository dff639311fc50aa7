import type { NodeSnapshot } from '@clockwarden/api/snapshot';
import { displayStatus } from '@clockwarden/core/assess';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSay } from '../i18n/index.ts';
import { useLiveRow } from '../live/index.tsx';
import { StatusMark, StatusShape } from '../status/status-mark.tsx';
import { RowAge } from '../values/age.tsx';
import { CopyButton } from '../values/copy.tsx';
import { Moment } from '../values/moment.tsx';
import { Offset } from '../values/offset.tsx';
import styles from './node-title.module.css';

interface NodeTitleProps {
  readonly name: string;
  readonly since: string | null;
  readonly node?: NodeSnapshot;
}

/** The node's sentence: how it is, since when, and how old the reading is. */
export function NodeTitle({ name, since, node }: NodeTitleProps) {
  const { t } = useTranslation();
  const say = useSay();
  const row = useLiveRow(name);
  const status = row?.status ?? (node === undefined ? null : displayStatus(node));
  const worst = row?.worst ?? null;
  return (
    <div className={styles.title}>
      <nav aria-label={t('node.path')} className={styles.path}>
        <Link to="/nodes">{t('shell.nodes')}</Link> /
      </nav>
      <div className={styles.line}>
        {status !== null && <StatusShape status={status} size={24} />}
        <h1>{name}</h1>
        <CopyButton text={name} what={t('copy.name')} />
        {status !== null && <StatusMark status={status} say={say} />}
        {node !== undefined && (
          <span className={styles.soft}>
            {node.address} ·{' '}
            {node.roles.map((role) => t(`role.${role}`)).join(', ') || t(`role.${node.role}`)}
          </span>
        )}
      </div>
      <p className={styles.sentence} aria-live="polite">
        {worst === null ? t('node.inOrder') : say(worst.text)}
      </p>
      {row !== undefined && (
        <p className={styles.soft}>
          {t('column.offset')}:{' '}
          <strong className={styles.offset}>
            <Offset value={row.offset} whyNot={t(row.clock === null ? 'why.noClock' : 'why.noMedian')} />
          </strong>{' '}
          · {t('column.age')}: <RowAge row={row} t={t} />
          {since !== null && (
            <>
              {' '}
              · {t('column.since')}: <Moment at={since} />
            </>
          )}
        </p>
      )}
    </div>
  );
}
