import styles from './moment.module.css';
import { clockText, dateText, momentText, utcOffsetSeconds } from './time-text.ts';
import { useZone } from './zone.tsx';

/** An instant in the viewer's zone and in UTC; once where the two are the same. */
export function Moment({ at }: { readonly at: string }) {
  const { zone } = useZone();
  const atMs = Date.parse(at);
  const nowMs = Date.now();
  const inFull = (one: string): string => `${dateText(atMs, one)} ${clockText(atMs, one)} ${one}`;
  const isUtc = utcOffsetSeconds(atMs, zone) === 0;
  return (
    <time
      dateTime={at}
      title={isUtc ? inFull('UTC') : `${inFull(zone)} = ${inFull('UTC')}`}
      className={styles.moment}
    >
      {momentText(atMs, zone, nowMs)}
      {isUtc ? ' UTC' : <span className={styles.utc}> {momentText(atMs, 'UTC', nowMs)} UTC</span>}
    </time>
  );
}
