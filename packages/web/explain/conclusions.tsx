import type { Conclusion } from '@clockwarden/core/explain';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { Command } from '../shell/notice.tsx';
import { Panel } from '../shell/panel.tsx';
import styles from './explain-page.module.css';
import { ImportanceShape } from './importance.tsx';

/** In the order in which an expert would look, each with what to do next. */
export function Conclusions({ conclusions }: { readonly conclusions: readonly Conclusion[] }) {
  const { t } = useTranslation();
  const say = useSay();
  if (conclusions.length === 0) return null;
  return (
    <Panel title={t('explain.conclusions')}>
      <ol className={styles.conclusions}>
        {conclusions.map((conclusion) => (
          <li key={`${conclusion.code} ${conclusion.text.en}`}>
            <div className={styles.conclusion}>
              <span>
                <ImportanceShape importance={conclusion.importance} />
              </span>
              <div>
                <p className={styles.strong}>{say(conclusion.text)}</p>
                {conclusion.next !== null && <p>{say(conclusion.next)}</p>}
                {conclusion.commands.map(({ command, meaning }) => (
                  <p key={command}>
                    <Command command={command} what={command} />{' '}
                    <span className={styles.soft}>{say(meaning)}</span>
                  </p>
                ))}
              </div>
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
