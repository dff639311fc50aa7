import type { ExplainedRow, ExplainedSection, ExplainedValue } from '@clockwarden/core/explain';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { Panel } from '../shell/panel.tsx';
import { PollSquares } from '../values/reach-squares.tsx';
import styles from './explain-page.module.css';
import { ImportanceShape } from './importance.tsx';

/** One recognised output: its own values, then its rows. */
export function Section({ section }: { readonly section: ExplainedSection }) {
  const { t } = useTranslation();
  const say = useSay();
  const { lines } = section;
  return (
    <Panel
      title={say(section.title)}
      actions={
        lines === null ? undefined : (
          <span className={styles.soft}>{t('explain.lines', { first: lines.first, last: lines.last })}</span>
        )
      }
    >
      {section.values.length > 0 && <Values values={section.values} />}
      {section.rows.map((row) => (
        <Row key={`${row.mark} ${row.name}`} row={row} />
      ))}
    </Panel>
  );
}

function Row({ row }: { readonly row: ExplainedRow }) {
  const say = useSay();
  return (
    <details className={styles.row} open={row.importance === 'problem' || row.importance === 'attention'}>
      <summary>
        <ImportanceShape importance={row.importance} /> <code>{row.mark}</code> <strong>{row.name}</strong>{' '}
        <span>{say(row.summary)}</span>
      </summary>
      <Values values={row.values} />
    </details>
  );
}

function Values({ values }: { readonly values: readonly ExplainedValue[] }) {
  const say = useSay();
  return (
    <dl className={styles.values}>
      {values.map((value) => (
        <div key={value.label}>
          <dt>
            <code>{value.label}</code>
          </dt>
          <dd className={styles.shown}>
            {value.polls === undefined ? (
              value.shown
            ) : (
              <PollSquares polls={value.polls} label={value.shown} />
            )}
          </dd>
          <dd className={styles.meaning}>
            <ImportanceShape importance={value.importance} /> {say(value.meaning)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
