import { type DisplayStatus, displayStatuses } from '@clockwarden/core/assess';
import type { Text } from '@clockwarden/core/text';
import type { ReactNode } from 'react';
import styles from './status-mark.module.css';

/** Each status has a shape of its own, told apart without colour: disc, triangle, diamond, half disc, crossed ring. */
const shapes: Readonly<Record<DisplayStatus, ReactNode>> = {
  ok: <circle cx="7" cy="7" r="4.2" fill="currentColor" />,
  warning: <path d="M7 1.2L13.2 12.4H0.8Z" fill="currentColor" />,
  critical: <path d="M7 0.4L13.6 7 7 13.6 0.4 7Z" fill="currentColor" />,
  undetermined: (
    <>
      <circle cx="7" cy="7" r="5" fill="none" stroke="currentColor" strokeWidth="1.8" />
      <path d="M7 2a5 5 0 0 1 0 10Z" fill="currentColor" />
    </>
  ),
  unreachable: (
    <>
      <circle cx="7" cy="7" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M4.8 4.8l4.4 4.4M9.2 4.8L4.8 9.2" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
};

export function StatusShape({
  status,
  size = 14,
}: {
  readonly status: DisplayStatus;
  readonly size?: number;
}) {
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" className={styles[status]} aria-hidden="true">
      {shapes[status]}
    </svg>
  );
}

/** Shape, colour and word. */
export function StatusMark({
  status,
  say,
}: {
  readonly status: DisplayStatus;
  readonly say: (words: Text) => string;
}) {
  return (
    <span className={styles.mark}>
      <StatusShape status={status} />
      <span className={styles[status]}>{say(displayStatuses[status])}</span>
    </span>
  );
}
