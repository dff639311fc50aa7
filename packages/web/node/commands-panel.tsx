import type { NodePage } from '@clockwarden/api/console';
import { useTranslation } from 'react-i18next';
import { useSay } from '../i18n/index.ts';
import { Panel } from '../shell/panel.tsx';
import { CopyButton } from '../values/copy.tsx';
import styles from './commands-panel.module.css';

export function CommandsPanel({ commands }: { readonly commands: NodePage['commands'] }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <Panel title={t('commands.title')} about={t('commands.about')}>
      <ul className={styles.commands}>
        {commands.map(({ command, meaning }) => (
          <li key={command}>
            <span className={styles.command}>
              <code>{command}</code>
              <CopyButton text={command} what={command} />
            </span>
            <span className={styles.meaning}>{say(meaning)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
