import type { ReactNode } from 'react';
import { CopyButton } from '../values/copy.tsx';
import styles from './notice.module.css';

/** A page, or a place on it, that has nothing to show: it says why, and what to do next. */
export function Notice({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className={styles.notice}>
      <h1>{title}</h1>
      {children}
    </div>
  );
}

export function Command({ command, what }: { readonly command: string; readonly what: string }) {
  return (
    <span className={styles.command}>
      <code>{command}</code>
      <CopyButton text={command} what={what} />
    </span>
  );
}
