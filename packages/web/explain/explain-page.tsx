import { type Explanation, explainText } from '@clockwarden/core/explain';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Command } from '../shell/notice.tsx';
import { Panel } from '../shell/panel.tsx';
import { useTitle } from '../shell/use-title.ts';
import { Conclusions } from './conclusions.tsx';
import styles from './explain-page.module.css';
import { Section } from './section.tsx';

/** What to run on a node for something to paste. */
const suggestions = [
  'chronyc -n tracking; chronyc -n sources -v; chronyc -n sourcestats',
  'timedatectl; timedatectl show-timesync',
  'ntpq -pn',
] as const;

/** Explains pasted output right here: nothing of it leaves the browser. */
export function Component() {
  const { t } = useTranslation();
  useTitle(t('shell.explain'));
  const id = useId();
  const [pasted, setPasted] = useState('');
  const shown = useDeferredValue(pasted);
  const explanation = useMemo(() => explainText(shown), [shown]);
  return (
    <>
      <h1 className={styles.title}>{t('explain.title')}</h1>
      <div className={styles.page}>
        <div className={styles.input}>
          <label htmlFor={id}>{t('explain.label')}</label>
          <textarea
            id={id}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
            spellCheck={false}
            rows={16}
            wrap="off"
          />
          <p className={styles.soft}>{t('explain.about')}</p>
        </div>
        <div className={styles.result}>
          {shown.trim() === '' ? <Suggestions /> : <Result explanation={explanation} />}
        </div>
      </div>
    </>
  );
}

function Suggestions() {
  const { t } = useTranslation();
  return (
    <Panel title={t('explain.nothing')} about={t('explain.try')}>
      <ul className={styles.suggestions}>
        {suggestions.map((command) => (
          <li key={command}>
            <Command command={command} what={t('copy.command')} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Result({ explanation }: { readonly explanation: Explanation }) {
  const { t } = useTranslation();
  const { sections, conclusions, notUnderstood } = explanation;
  return (
    <>
      <p role="status" className="visually-hidden">
        {t('explain.found', { outputs: sections.length, conclusions: conclusions.length })}
      </p>
      {sections.length === 0 && (
        <Panel title={t('explain.unknown')}>
          <p>{t('explain.unknownAbout')}</p>
        </Panel>
      )}
      <Conclusions conclusions={conclusions} />
      {sections.map((section) => (
        <Section key={`${section.kind} ${section.lines?.first ?? 0}`} section={section} />
      ))}
      {sections.length > 0 && notUnderstood.length > 0 && (
        <Panel title={t('explain.notUnderstood')}>
          <ul className={styles.lines}>
            {notUnderstood.map(({ line, text }) => (
              <li key={line}>
                {line}: <code>{text}</code>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
