import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { createKeyReader, shortcutsEnabled } from './shortcut-keys.ts';
import styles from './shortcuts.module.css';

/** The search field of Nodes, from wherever the key was struck. */
export const SEARCH_ID = 'node-search';

export function Shortcuts() {
  const navigate = useNavigate();
  const [help, setHelp] = useState(false);
  useEffect(() => {
    const read = createKeyReader();
    const onKey = (event: KeyboardEvent): void => {
      if (!shortcutsEnabled() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      const command = read(event.key, performance.now());
      if (command === null) return;
      event.preventDefault();
      if (command === 'overview') void navigate('/');
      if (command === 'nodes') void navigate('/nodes');
      if (command === 'explain') void navigate('/explain');
      if (command === 'help') setHelp(true);
      if (command === 'search') {
        const field = document.getElementById(SEARCH_ID);
        if (field === null) void navigate('/nodes', { state: { search: true } });
        else field.focus();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate]);
  return <ShortcutHelp open={help} onClose={() => setHelp(false)} />;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const field = target.closest('input, textarea, select, [contenteditable], [role="dialog"]');
  return field !== null && !(field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type));
}

function ShortcutHelp({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const keys = [
    [['/'], t('keys.search')],
    [['g', 'o'], t('keys.overview')],
    [['g', 'n'], t('keys.nodes')],
    [['g', 'e'], t('keys.explain')],
    [['?'], t('keys.help')],
    [['Esc'], t('keys.close')],
  ] as const;
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby="keys-title">
      <DialogTitle id="keys-title">{t('keys.title')}</DialogTitle>
      <DialogContent>
        <dl className={styles.keys}>
          {keys.map(([names, meaning]) => (
            <div key={meaning}>
              <dt>
                {names.map((name) => (
                  <kbd key={name}>{name}</kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('keys.done')}</Button>
      </DialogActions>
    </Dialog>
  );
}
