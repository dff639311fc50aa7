import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckIcon, CopyIcon } from '../shell/icons.tsx';
import styles from './copy.module.css';

export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const { t } = useTranslation();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = window.setTimeout(() => setState('idle'), 2_000);
    return () => window.clearTimeout(timer);
  }, [state]);
  const label =
    state === 'idle' ? t('copy.label', { what }) : t(state === 'copied' ? 'copy.done' : 'copy.failed');
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      title={label}
      onClick={() => {
        void copy(text).then((done) => setState(done ? 'copied' : 'failed'));
      }}
    >
      {state === 'copied' ? <CheckIcon /> : <CopyIcon />}
      <span role="status" className="visually-hidden">
        {state === 'idle' ? '' : label}
      </span>
    </button>
  );
}

/** The clipboard API is missing where the page is neither https nor on loopback: then by a selection. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
