import styles from './moment.module.css';
import { clockText, dateText, momentText } from './time-text.ts';
import { useZone } from './zone.tsx';

/** An instant in the viewer's zone and in UTC. */
export function Moment({ at }: { readonly at: string }) {
  const { zone } = useZone();
  const atMs = Date.parse(at);
  const nowMs = Date.now();
  const full = `${dateText(atMs, zone)} ${clockText(atMs, zone)} ${zone} = ${dateText(atMs, 'UTC')} ${clockText(atMs, 'UTC')} UTC`;
  return (
    <time dateTime={at} title={full} className={styles.moment}>
      {momentText(atMs, zone, nowMs)}
      {zone === 'UTC' ? ' UTC' : <span className={styles.utc}> {momentText(atMs, 'UTC', nowMs)} UTC</span>}
    </time>
  );
}
