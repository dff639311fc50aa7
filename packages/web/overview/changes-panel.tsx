import type { Change } from '@clockwarden/api/console';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSay } from '../i18n/index.ts';
import { useLive } from '../live/index.tsx';
import { Panel } from '../shell/panel.tsx';
import { Moment } from '../values/moment.tsx';
import styles from './changes-panel.module.css';

const HOUR_MS = 3_600_000;
const MOST_SHOWN = 14;

export function ChangesPanel() {
  const { t } = useTranslation();
  const changes = useLive((state) => state.changes);
  const at = useLive((state) => state.cluster?.at ?? null);
  const recent = useMemo(() => {
    const from = (at === null ? Date.now() : Date.parse(at)) - HOUR_MS;
    return changes.filter((change) => Date.parse(change.at) >= from);
  }, [changes, at]);
  return (
    <Panel title={t('changes.title')}>
      {recent.length === 0 ? (
        <p className={styles.soft}>{t('changes.none')}</p>
      ) : (
        <ol className={styles.list}>
          {recent.slice(0, MOST_SHOWN).map((change) => (
            <ChangeLine key={change.id} change={change} />
          ))}
        </ol>
      )}
      {recent.length > MOST_SHOWN && (
        <p className={styles.soft}>{t('changes.more', { more: recent.length - MOST_SHOWN })}</p>
      )}
    </Panel>
  );
}

function ChangeLine({ change }: { readonly change: Change }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <li>
      <span className={styles.when}>
        <Moment at={change.at} />
      </span>
      <span className={styles.soft}>{t(`changes.kind.${change.kind}`)}</span>
      <span>
        <WithLink words={say(change.text)} node={change.node} />
      </span>
    </li>
  );
}

/** The node's name inside the sentence becomes the way to the node. */
function WithLink({ words, node }: { readonly words: string; readonly node: string | null }) {
  const start = node === null ? -1 : words.indexOf(node);
  if (node === null || start < 0) return words;
  return (
    <>
      {words.slice(0, start)}
      <Link to={`/nodes/${encodeURIComponent(node)}`}>{node}</Link>
      {words.slice(start + node.length)}
    </>
  );
}
