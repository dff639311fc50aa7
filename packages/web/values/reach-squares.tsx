import { useTranslation } from 'react-i18next';
import { answeredPolls, bitsOfReach } from './reach.ts';
import styles from './reach-squares.module.css';

/** Eight small squares, newest right, filled = answered. */
export function ReachSquares({ reach }: { readonly reach: number }) {
  const { t } = useTranslation();
  const label = t('reach.label', { answered: answeredPolls(reach), octal: reach.toString(8) });
  return <PollSquares polls={bitsOfReach(reach)} label={label} />;
}

/** @param polls oldest first */
export function PollSquares({
  polls,
  label,
}: {
  readonly polls: readonly boolean[];
  readonly label: string;
}) {
  return (
    <span className={styles.reach} title={label}>
      <svg width="86" height="10" aria-hidden="true">
        {polls.map((answered, place) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a square is its place
            key={place}
            x={place * 11 + 0.5}
            y="0.5"
            width="8"
            height="8"
            className={answered ? styles.answered : styles.lost}
          />
        ))}
      </svg>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
