import { formatOffset } from '@clockwarden/core/text';
import { NotMeasured } from './not-measured.tsx';
import styles from './offset.module.css';

/** An offset as the API sends it. */
export interface OffsetValue {
  readonly seconds: number;
  readonly lowSeconds: number;
  readonly highSeconds: number;
}

export function offsetText(value: OffsetValue): string {
  return formatOffset({ seconds: value.seconds, low: value.lowSeconds, high: value.highSeconds });
}

/** An unseen sign stands where zero has none, so that a column aligns on the sign. */
export function Offset({ value, whyNot }: { readonly value: OffsetValue | null; readonly whyNot: string }) {
  if (value === null) return <NotMeasured why={whyNot} />;
  const printed = offsetText(value);
  return (
    <span>
      {/^\d/.test(printed) && (
        <span className={styles.unseen} aria-hidden="true">
          +
        </span>
      )}
      {printed}
    </span>
  );
}
