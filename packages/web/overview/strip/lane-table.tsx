import { displayStatuses } from '@clockwarden/core/assess';
import { nodeRoles } from '@clockwarden/core/inventory';
import { formatSeconds } from '@clockwarden/core/text';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSay } from '../../i18n/index.ts';
import type { LiveRow } from '../../live/index.tsx';
import { statusOrder } from '../../status/order.ts';
import styles from './lane-table.module.css';

/** The strip in numbers, a line a role: for screen readers, and for whoever wants them. */
export function LaneTable({ rows }: { readonly rows: readonly LiveRow[] }) {
  const { t } = useTranslation();
  const say = useSay();
  // Counting ten thousand nodes at every round is for when somebody looks.
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('strip.asTable')}</summary>
      <div className={styles.scroll}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('column.role')}</th>
              {statusOrder.map((status) => (
                <th scope="col" key={status}>
                  {say(displayStatuses[status])}
                </th>
              ))}
              <th scope="col">{t('strip.lowest')}</th>
              <th scope="col">{t('strip.highest')}</th>
            </tr>
          </thead>
          <tbody>
            {(open ? nodeRoles : []).map((role) => {
              const members = rows.filter((row) => row.role === role);
              return members.length === 0 ? null : <LaneLine key={role} role={role} members={members} />;
            })}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function LaneLine({
  role,
  members,
}: {
  readonly role: LiveRow['role'];
  readonly members: readonly LiveRow[];
}) {
  const { t } = useTranslation();
  const offsets = members.flatMap((row) => (row.offset === null ? [] : [row.offset.seconds]));
  const signed = (value: number): string => formatSeconds(value, { signed: true });
  // Not Math.min(...offsets): ten thousand arguments are many.
  const lowest = offsets.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const highest = offsets.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return (
    <tr>
      <th scope="row">{t(`role.${role}`)}</th>
      {statusOrder.map((status) => (
        <td key={status}>{members.filter((row) => row.status === status).length}</td>
      ))}
      <td>{offsets.length === 0 ? '—' : signed(lowest)}</td>
      <td>{offsets.length === 0 ? '—' : signed(highest)}</td>
    </tr>
  );
}
